import type { IncomingMessage, ServerResponse } from 'node:http';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { open } from '../store/support.ts';
import { hasBrowser, openWindow, type Stage, startStage } from './browser.ts';
import { PEOPLE } from '../api/support.ts';

/** More than the connections that a browser has to one server over plain HTTP. */
const TABS = 9;

describe.skipIf(!hasBrowser())('many tabs of one browser', () => {
  let stage: Stage;
  let streams = 0;
  let most = 0;
  beforeAll(async () => {
    stage = await startStage(3);
    stage.api.app.server.on('request', ({ url }: IncomingMessage, response: ServerResponse) => {
      if (url !== '/api/live') return;
      streams += 1;
      most = Math.max(most, streams);
      response.once('close', () => {
        streams -= 1;
      });
    });
  });
  afterAll(() => stage?.close());

  async function aTab(context: BrowserContext): Promise<{ readonly page: Page; readonly complaints: string[] }> {
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    await page.goto(stage.origin);
    await page.locator('li[data-here]').waitFor();
    return { page, complaints };
  }
  const isTold = ({ page }: { readonly page: Page }) => page.getByRole('status').filter({ hasText: '1 new' }).waitFor();

  it('share one stream: every page loads, every tab is told of a change, and the last tab takes the stream with it', async () => {
    const { api, browser, origin } = stage;
    const { context } = await openWindow(browser, api, origin, PEOPLE['rights-holder']);
    const tabs = [];
    for (let n = 0; n < TABS; n += 1) tabs.push(await aTab(context));
    await expect.poll(() => streams).toBe(1);
    await open(api.db, { listing: 'm:tabs-1' });
    await Promise.all(tabs.map(isTold));
    // The tab that was there first goes, and a page is left for another and come back to.
    await tabs.shift()?.page.close();
    await tabs[0]?.page.goto(`${origin}/verify.html`);
    await tabs[0]?.page.goBack();
    await tabs[0]?.page.locator('li[data-here]').waitFor();
    await open(api.db, { listing: 'm:tabs-2' });
    await tabs.at(-1)?.page.getByRole('status').filter({ hasText: '2 new' }).waitFor();
    const [first] = tabs;
    if (first !== undefined) await isTold(first);
    expect([most, tabs.flatMap(({ complaints }) => complaints)]).toEqual([1, []]);
    await context.close();
    await expect.poll(() => streams).toBe(0);
  }, 120_000);

  it('of two readers have a stream each', async () => {
    const { api, browser, origin } = stage;
    const { context, page } = await openWindow(browser, api, origin, PEOPLE['rights-holder']);
    const before = await aTab(context);
    await expect.poll(() => streams).toBe(1);
    const [name = '', value = ''] = (await api.as(PEOPLE['other-rights-holder'])).cookie.split('=');
    await context.addCookies([{ name, value, url: origin, httpOnly: true, sameSite: 'Lax' }]);
    await page.goto(origin);
    await page.getByRole('main').waitFor();
    await expect.poll(() => streams).toBe(2);
    await open(api.db, { listing: 'm:tabs-other', holder: 'org-b' });
    await isTold({ page });
    expect(await before.page.getByRole('status').filter({ hasText: 'new' }).count()).toBe(0);
    await context.close();
  }, 60_000);

  it('without shared workers have a stream each, and are told all the same', async () => {
    const { api, browser, origin } = stage;
    const { context } = await openWindow(browser, api, origin, PEOPLE['rights-holder']);
    await context.addInitScript(() => {
      Reflect.deleteProperty(globalThis, 'SharedWorker');
    });
    const tabs = [await aTab(context), await aTab(context)];
    await expect.poll(() => streams).toBe(2);
    await open(api.db, { listing: 'm:tabs-3' });
    await Promise.all(tabs.map(isTold));
    await context.close();
  }, 60_000);
});
