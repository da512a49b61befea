import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { work } from '../../store/connection/orm.ts';
import { builtPages, expectClean, hasBrowser, openWindow, startStage, type Stage } from './browser.ts';
import { beginningOf, fill, press, type Tongue, tabTo, WORDS } from './keyboard.ts';
import { type TestApi, PEOPLE, type Role } from '../api/support.ts';

/** A case that waits, whichever comes first: cases of one deadline stand in the order of their random ids. */
const WAITING = /^Velorix .* no\. \d$/;
const TONGUES: readonly Tongue[] = ['en', 'zh'];

/** Each role does its work once in each language, by keyboard alone. */
describe.skipIf(!hasBrowser()).each(TONGUES)('the work of each role by keyboard, %s', (language) => {
  const words = WORDS[language];
  let stage: Stage;
  let api: TestApi;
  let browser: Browser;
  let origin: string;
  beforeAll(async () => {
    stage = await startStage(8);
    ({ api, browser, origin } = stage);
  });
  // The clock stands still here, so that a claim of the test before would not run out.
  beforeEach(() => work(api.db.store).execute('delete from claim'));
  afterAll(() => stage?.close());

  const walk = async (role: Role, path: string, journey: (page: Page) => Promise<void>) => {
    const window = await openWindow(browser, api, origin, PEOPLE[role], { language });
    await window.page.goto(`${origin}${path}`);
    await window.page.locator('h1').waitFor();
    await window.page.locator('[aria-busy]').first().waitFor({ state: 'detached' });
    await journey(window.page);
    await expectClean(window, role);
    await window.context.close();
  };
  const countOf = async (status: string) =>
    (await work(api.db.store).execute("select id from aggregate where kind = 'case' and status = ?", [status])).length;

  it('a brand reviewer answers, and what is held is sent when the page is left', async () => {
    await walk('rights-holder', '/', async (page) => {
      await page.locator('li[data-here]').waitFor();
      await page.keyboard.press('5');
      await page.keyboard.press('w');
      await page.getByText(words['verdict.not-ours'], { exact: true }).last().waitFor();
      await page.goto(`${origin}/appeals`);
      await page.locator('h1').waitFor();
    });
    await expect.poll(() => countOf('dismissed'), { timeout: 20_000 }).toBe(1);
  });

  it('an officer follows a deadline to its case and cancels it', async () => {
    await walk('governance', '/', async (page) => {
      await press(page, WAITING);
      await page.locator('[role=slider]').waitFor();
      await press(page, words['command.cancelCase']);
      await fill(page, words['form.reason'], 'opened in error');
      await press(page, words['command.cancelCase']);
      await page.getByText(words['status.cancelled']).first().waitFor();
    });
    expect(await countOf('cancelled')).toBe(1);
  });

  it('an account manager gives a brand more time', async () => {
    await walk('account-manager', '/', async (page) => {
      await press(page, WAITING);
      await page.locator('[role=slider]').waitFor();
      await press(page, words['command.extendWindow']);
      await fill(page, words['form.n'], '4');
      await page.keyboard.press('Enter');
      await page.getByText(beginningOf('WindowExtended', language)).first().waitFor();
    });
  });

  it('a seller reads what happened and contests', async () => {
    await walk('seller', '/', async (page) => {
      await press(page, 'Velorix Harbour watch no. 902');
      await page.locator('[role=slider]').waitFor();
      await press(page, words['command.fileCounterNotice']);
      await fill(page, words['form.statement'], 'The invoice is attached.');
      await press(page, words['command.fileCounterNotice']);
      await page.waitForURL(/\/appeals\//);
      await page.getByText(beginningOf('AppealOpened', language)).waitFor();
    });
  });

  it('a liaison goes back in time on a referral', async () => {
    await walk('liaison', '/', async (page) => {
      await press(page, 'S-1 · 1');
      await page.locator('[role=slider]').waitFor();
      await page.keyboard.press('[');
      await page.locator('[data-past]').waitFor();
      await tabTo(page, words['slider.toNow']);
      await page.keyboard.press('Enter');
      await page.locator('[data-past]').waitFor({ state: 'detached' });
    });
  });

  it('an auditor finds a case, replays it and checks its file in a page without a server', async () => {
    await walk('auditor', '/', async (page) => {
      await fill(page, words['audit.findLabel'], 'm:903');
      await page.keyboard.press('Enter');
      await press(page, words['audit.replay']);
      await page.getByText(words['replay.same'], { exact: true }).first().waitFor();
      await tabTo(page, words['replay.export']);
      const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
      const dir = mkdtempSync(join(tmpdir(), 'interdict-offline-'));
      const file = join(dir, 'case.json');
      await download.saveAs(file);
      const context = await browser.newContext({ locale: language === 'en' ? 'en-GB' : 'zh-CN', offline: true });
      const offline = await context.newPage();
      await offline.goto(pathToFileURL(join(await builtPages(), 'verify.html')).href);
      await offline.setInputFiles('input[type=file]', file);
      await offline.locator('h2').waitFor();
      expect(await offline.locator('.bad').count()).toBe(0);
      expect(await offline.getByRole('listitem').count()).toBeGreaterThan(5);
      await context.close();
      rmSync(dir, { recursive: true, force: true });
    });
  });
});
