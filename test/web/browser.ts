import { existsSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';
import { ensurePages } from '../../cli/build-pages.ts';
import { type TestApi, startApi } from '../api/support.ts';
import { type World, writeWorld } from '../api/world.ts';

/** Where Debian's packages put the browser, and where others may have it. Without windows it takes a third less work. */
const PLACES = [
  process.env['CHROMIUM'],
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];
const CHROMIUM = PLACES.find((path) => path !== undefined && existsSync(path));

/** Whether the journeys can run here; says why not. */
export function hasBrowser(): boolean {
  if (CHROMIUM === undefined)
    process.stdout.write('the browser journeys are skipped: there is no chromium here (apt-get install chromium-headless-shell, or set CHROMIUM)\n');
  return CHROMIUM !== undefined;
}

/** A browser of its own; the caller closes it. */
export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM ?? '', args: ['--no-sandbox', '--disable-gpu', '--disable-software-rasterizer'] });
}

/** The pages that the API serves. */
export async function builtPages(): Promise<string> {
  const pages = await ensurePages(() => {});
  if (pages === undefined) throw new Error('the pages cannot be built here');
  return pages;
}

/** The API with pages and a world of so many waiting cases, and a browser: what every walk needs. */
export interface Stage {
  readonly api: TestApi;
  readonly browser: Browser;
  readonly origin: string;
  readonly world: World;
  close(): Promise<void>;
}

export async function startStage(waiting: number): Promise<Stage> {
  const api = await startApi({ pages: await builtPages() });
  const world = await writeWorld(api, waiting);
  const origin = await listen(api);
  const browser = await launch();
  const close = async () => {
    await browser.close();
    await api.close();
  };
  return { api, browser, origin, world, close };
}

/** Makes the API listen; returns where. */
function listen({ app }: TestApi): Promise<string> {
  return app.listen({ host: '127.0.0.1', port: 0 });
}

export interface Look {
  readonly language?: 'en' | 'zh';
  readonly width?: number;
  readonly height?: number;
  readonly scheme?: 'light' | 'dark';
  /** The region of the reader; absent: British, or mainland China. */
  readonly locale?: string;
  readonly zone?: string;
  readonly motion?: 'reduce' | 'no-preference';
}

/** A signed-in browser window; whatever the page complains of is kept. */
export interface Window {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly complaints: string[];
}

export async function openWindow(browser: Browser, api: TestApi, origin: string, who: string | undefined, look: Look = {}): Promise<Window> {
  const { language = 'en', width = 1440, height = 900, scheme = 'light', zone = 'Europe/Berlin', motion = 'reduce' } = look;
  const context = await browser.newContext({
    locale: look.locale ?? (language === 'en' ? 'en-GB' : 'zh-CN'),
    timezoneId: zone,
    colorScheme: scheme,
    viewport: { width, height },
    reducedMotion: motion,
  });
  if (who !== undefined) {
    const [name = '', value = ''] = (await api.as(who)).cookie.split('=');
    await context.addCookies([{ name, value, url: origin, httpOnly: true, sameSite: 'Lax' }]);
  }
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    // A refused request is told in the page; anything else on the console is a fault of ours.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  return { context, page, complaints };
}

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Rules of WCAG 2.2 A and AA: none may be broken, and the page must have complained of nothing. */
export async function expectClean({ page, complaints }: Window, what: string): Promise<void> {
  // Without frames one run in the page sees all; the other mode opens a second page and loads the rules there again, for half of the time. What is in order is not listed.
  expect(page.frames(), what).toHaveLength(1);
  const { violations } = await new AxeBuilder({ page })
    .options({ resultTypes: ['violations'] })
    .withTags(TAGS)
    .setLegacyMode(true)
    .analyze();
  const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.html} ${node.failureSummary ?? ''}`).join(' | ')}`);
  expect(told, what).toEqual([]);
  expect(complaints, what).toEqual([]);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(overflow, `${what}: nothing is wider than the window`).toBeLessThanOrEqual(0);
}

/** Keeps a picture when asked to (scripts/take-screenshots.ts). */
export async function picture({ page }: Window, name: string): Promise<void> {
  const dir = process.env['SCREENSHOTS'];
  if (dir !== undefined) await page.screenshot({ path: `${dir}/${name}.png` });
}
