import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AggregateId } from '../../domain/ids.ts';
import { work } from '../../store/connection/orm.ts';
import { beginningOf } from './keyboard.ts';
import { expectClean, hasBrowser, openWindow, picture, startStage, type Stage } from './browser.ts';
import { type TestApi, PEOPLE } from '../api/support.ts';
import { move } from '../store/support.ts';
import { answerElsewhere, type World } from '../api/world.ts';

const CASES = 64;

describe.skipIf(!hasBrowser())('work by keyboard', () => {
  let stage: Stage;
  let api: TestApi;
  let browser: Browser;
  let origin: string;
  let world: World;
  beforeAll(async () => {
    stage = await startStage(CASES + 6);
    ({ api, browser, origin, world } = stage);
  });
  // The clock stands still here, so that a claim of the test before would not run out.
  beforeEach(() => work(api.db.store).execute('delete from claim'));
  afterAll(() => stage?.close());

  const here = (page: Page) => page.locator('li[data-here] [aria-current=true]').textContent();
  const statuses = async () =>
    work(api.db.store).execute<{ status: string; count: string }[]>("select status, count(*) from aggregate where kind = 'case' group by status");

  it('undo takes an answer back; a note that is typed is no key; a selection is confirmed once', async () => {
    const window = await openWindow(browser, api, origin, PEOPLE['rights-holder']);
    const { page } = window;
    await page.goto(origin);
    await page.locator('li[data-here]').waitFor();
    const first = await here(page);
    await page.keyboard.press('1');
    await page.keyboard.press('p');
    await expect.poll(() => here(page)).not.toBe(first);
    await page.keyboard.press('u');
    await expect.poll(() => here(page)).toBe(first);
    await page.keyboard.press('/');
    await page.keyboard.type('no. 1j1');
    expect(new URL(page.url()).searchParams.get('text')).toBe('no. 1j1');
    await page.locator('#queue-search').fill('');
    await page.keyboard.press('Escape');
    await page.keyboard.press('x');
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('Shift+X');
    await page.keyboard.press('2');
    await page.keyboard.press('k');
    await page.getByRole('dialog').getByText('3 cases: Genuine').waitFor();
    await picture(window, 'bulk-en-1440-light');
    await expectClean(window, 'the summary');
    await page.keyboard.press('Enter');
    await page.keyboard.press('u');
    await expect.poll(() => page.getByRole('complementary').count()).toBe(0);
    await page.keyboard.press('?');
    await page.getByRole('dialog').getByText('Show similar cases; press again to show all').waitFor();
    await expectClean(window, 'the map of keys');
    await page.keyboard.press('Escape');
    expect((await statuses()).find(({ status }) => status === 'dismissed')).toBeUndefined();
    await window.context.close();
  });

  it('a colleague who has the case up is named, and the verdicts say why they are off', async () => {
    const [one, other] = [await openWindow(browser, api, origin, PEOPLE['rights-holder']), await openWindow(browser, api, origin, 'second:org-a')];
    await one.page.goto(origin);
    await one.page.locator('li[data-here]').waitFor();
    await expect.poll(async () => (await work(api.db.store).execute('select * from claim')).length).toBe(1);
    await other.page.goto(origin);
    await other.page
      .getByText(/Reviewer of org-a works on this case until/)
      .first()
      .waitFor();
    const noted = await work(api.db.store).execute(
      "select who, operation from access_log where operation like 'case.claim%' order by id desc limit 1",
    );
    expect(noted).toEqual([{ who: 'reviewer:org-a', operation: 'case.claim' }]);
    await other.page.keyboard.press('1');
    expect(await other.page.getByRole('group').count()).toBe(0);
    await one.context.close();
    await other.context.close();
  });

  it('two tabs: the second answer is told that the case was answered, and nothing is lost or doubled', async () => {
    const window = await openWindow(browser, api, origin, PEOPLE['rights-holder']);
    await window.page.goto(origin);
    await window.page.locator('li[data-here]').waitFor();
    // Cases of one deadline stand in the order of their ids, which are random; the hostile title has no number.
    const number = /no\. (\d+)/.exec((await here(window.page)) ?? '')?.[1] ?? '3';
    const first = world.waiting[Number(number) - 1];
    if (first === undefined) throw new Error('nothing waits');
    await answerElsewhere(api, first);
    await window.page.keyboard.press('1');
    await window.page.keyboard.press('p');
    await window.page
      .getByRole('alert')
      .getByText(/answered genuine at 2025-/)
      .waitFor({ timeout: 20_000 });
    const answers = await work(api.db.store).execute(
      "select 1 from decision where aggregate = ? and envelope->'command'->>'kind' = 'recordVerdict' and envelope->'outcome'->'events' is not null",
      [first],
    );
    expect(answers).toHaveLength(1);
    await window.context.close();
  });

  it(`answers 60 cases with two keys each`, { timeout: 180_000 }, async () => {
    const window = await openWindow(browser, api, origin, PEOPLE['rights-holder']);
    const { page } = window;
    await page.goto(origin);
    await page.locator('li[data-here]').waitFor();
    const steps: number[] = [];
    const began = performance.now();
    for (let n = 0; n < 60; n += 1) {
      const before = await here(page);
      const pressed = performance.now();
      await page.keyboard.press('2');
      await page.keyboard.press('k');
      await page.waitForFunction((text) => document.querySelector('li[data-here] [aria-current=true]')?.textContent !== text, before);
      steps.push(performance.now() - pressed);
    }
    const seconds = (performance.now() - began) / 1000;
    steps.sort((a, b) => a - b);
    process.stdout.write(
      `60 cases answered by keyboard in ${seconds.toFixed(1)} s; from key to the next case: median ${steps[30]?.toFixed(0)} ms, slowest ${steps.at(-1)?.toFixed(0)} ms\n`,
    );
    await expect
      .poll(async () => Number((await statuses()).find(({ status }) => status === 'dismissed')?.count ?? 0), { timeout: 60_000, interval: 500 })
      .toBeGreaterThanOrEqual(60);
    await window.context.close();
  });

  it('a brand appraises for a referral; the liaison reads it and takes the referral back', async () => {
    const brand = await openWindow(browser, api, origin, PEOPLE['rights-holder']);
    await brand.page.goto(`${origin}/appraisals`);
    await brand.page.getByRole('link', { name: 'Brand org-a: 3 cases' }).press('Enter');
    await brand.page.getByRole('button', { name: 'Give the appraisal' }).press('Enter');
    await brand.page.getByLabel('Appraisal: why these goods are not yours').fill('<b>None</b> of them is ours.');
    await brand.page.getByLabel('Price of the genuine goods').fill('EUR 129.90 each');
    await brand.page.getByLabel('Contact person for investigators').fill('A. Lawyer');
    await brand.page.keyboard.press('Enter');
    // Not any text of the page: what was typed is a text of its field, long before it is sent, and a window that closes then sends nothing.
    await brand.page.getByRole('definition').getByText('<b>None</b> of them is ours.').waitFor();
    expect(await brand.page.content()).not.toContain('police');
    await brand.context.close();
    const liaison = await openWindow(browser, api, origin, PEOPLE.liaison);
    await liaison.page.goto(origin);
    await liaison.page.getByRole('link', { name: 'S-1 · 1' }).press('Enter');
    await liaison.page.getByText('<b>None</b> of them is ours.').first().waitFor();
    const approve = liaison.page.getByRole('button', { name: 'Approve' });
    expect(await approve.getAttribute('aria-disabled')).toBe('true');
    await liaison.page.getByRole('button', { name: 'Withdraw the referral' }).press('Enter');
    await liaison.page.getByLabel('Reason').fill('opened too early');
    await liaison.page.keyboard.press('Tab');
    await liaison.page.keyboard.press('Enter');
    await liaison.page.getByRole('heading', { level: 1, name: /withdrawn/ }).waitFor();
    await expectClean(liaison, 'the referral');
    await liaison.context.close();
  });

  it('a reviewer makes a calendar address, which is shown once and works, and ends it', async () => {
    const { context, page } = await openWindow(browser, api, origin, PEOPLE['rights-holder']);
    await page.goto(`${origin}/calendar`);
    await page.getByRole('button', { name: 'Create an address' }).press('Enter');
    const url = (await page.locator('code').textContent()) ?? '';
    const path = new URL(url).pathname;
    expect((await api.app.inject({ method: 'GET', url: path })).body).toMatch(/^BEGIN:VCALENDAR/);
    await page.reload();
    await page.getByText('Address created').waitFor();
    expect(await page.locator('code').count()).toBe(0);
    await page.getByRole('button', { name: 'Disable it' }).press('Enter');
    await page.getByText('There is no address yet.').waitFor();
    expect((await api.app.inject({ method: 'GET', url: path })).statusCode).toBe(404);
    await context.close();
  });

  it('an officer stops a detector by keyboard, with a reason', async () => {
    const officer = await openWindow(browser, api, origin, PEOPLE.governance);
    await officer.page.goto(`${origin}/policies`);
    const line = officer.page.getByRole('listitem').filter({ hasText: 'Price far below the reference' });
    await line.getByRole('button', { name: 'Stop' }).press('Enter');
    await officer.page.getByLabel('Reason').fill('<b>wrong</b> reference prices');
    await officer.page.keyboard.press('Enter');
    await line.getByRole('button', { name: 'Restart' }).waitFor();
    await officer.page.getByText('stopped by officer: <b>wrong</b> reference prices').first().waitFor();
    await expectClean(officer, 'detectors');
    await officer.context.close();
  });

  it('Temporal is away: a message is accepted and says so; when it is back, the page goes on by itself', async () => {
    const officer = await openWindow(browser, api, origin, PEOPLE.governance);
    const rows = await work(api.db.store).execute<{ id: AggregateId }[]>("select id from aggregate where due_rule = 'confirmation.escalate' limit 1");
    const id = rows[0]?.id;
    if (id === undefined) throw new Error('nothing waits');
    await officer.page.goto(`${origin}/cases/${id}`);
    const { signal } = api.temporal;
    api.temporal.signal = () => Promise.reject(Object.assign(new Error('14 UNAVAILABLE'), { code: 14 }));
    await officer.page.getByRole('button', { name: 'Cancel the case' }).press('Enter');
    await officer.page.getByRole('form').getByRole('textbox').fill('opened in error');
    await officer.page.keyboard.press('Tab');
    await officer.page.keyboard.press('Enter');
    await officer.page.getByText(/^Accepted and saved, but not decided yet/).waitFor();
    api.temporal.signal = signal;
    await move(api.db, id);
    await officer.page.getByRole('heading', { level: 1, name: /cancelled/ }).waitFor();
    await officer.context.close();
  });

  it('the seller contests by keyboard; the officer goes back in time and decides', async () => {
    const seller = await openWindow(browser, api, origin, PEOPLE.seller);
    const [, contested] = world.sealed;
    if (contested === undefined) throw new Error('nothing was sealed');
    await seller.page.goto(`${origin}/cases/${contested}`);
    const contest = seller.page.getByRole('button', { name: 'Contest with a counter-notice' });
    await contest.focus();
    await seller.page.keyboard.press('Enter');
    await seller.page.getByLabel('Why the removal is wrong').fill('<b>mine</b>, bought from the brand');
    await seller.page.keyboard.press('Tab');
    await seller.page.keyboard.press('Enter');
    await seller.page.waitForURL(/\/appeals\//);
    await seller.page.getByText(beginningOf('AppealOpened', 'en')).waitFor();
    await seller.page.getByText('<b>mine</b>, bought from the brand').waitFor();
    await seller.context.close();
    const officer = await openWindow(browser, api, origin, PEOPLE.governance);
    await officer.page.goto(`${origin}/cases/${contested}`);
    await officer.page.locator('[role=slider]').waitFor();
    await officer.page.keyboard.press('[');
    await officer.page.keyboard.press('[');
    await officer.page.locator('[data-past]').waitFor();
    expect(new URL(officer.page.url()).searchParams.get('at')).toMatch(/^2025-/);
    await expectClean(officer, 'the past');
    await picture(officer, 'past-en-1440-light');
    await officer.context.close();
  });
});
