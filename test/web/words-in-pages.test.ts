import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { work } from '../../store/connection/orm.ts';
import { sealedCase } from '../store/support.ts';
import { expectClean, hasBrowser, type Look, openWindow, picture, startStage, type Stage, type Window } from './browser.ts';
import { type Tongue, WORDS } from './keyboard.ts';
import { type TestApi, PEOPLE } from '../api/support.ts';
import type { World } from '../api/world.ts';

const TONGUES: readonly Tongue[] = ['en', 'zh'];

/** What each page says and asks, as the person before it reads it. */
describe.skipIf(!hasBrowser())('the pages as people read them', () => {
  let stage: Stage;
  let api: TestApi;
  let browser: Browser;
  let origin: string;
  let world: World;
  beforeAll(async () => {
    stage = await startStage(6);
    ({ api, browser, origin, world } = stage);
  });
  // The clock stands still here, so that a claim of the test before would not run out.
  beforeEach(() => work(api.db.store).execute('delete from claim'));
  afterAll(() => stage?.close());

  const at = async (who: string, path: string, look: Look = {}): Promise<Window> => {
    const window = await openWindow(browser, api, origin, who, look);
    await window.page.goto(`${origin}${path}`);
    await window.page.locator('h1').waitFor();
    await window.page.locator('[aria-busy]').first().waitFor({ state: 'detached' });
    return window;
  };
  const here = (page: Page) => page.locator('li[data-here] [aria-current=true]').textContent();
  const outbox = (page: Page) =>
    page.evaluate(() => JSON.parse(sessionStorage.getItem('interdict.outbox') ?? '[]') as { body: { reasonCode: string; basis: string } }[]);

  describe('the reasons of a verdict', () => {
    it('none is chosen beforehand: Enter sends nothing until this reviewer has given a reason for the verdict', async () => {
      const { page, context } = await at(PEOPLE['rights-holder'], '/');
      const first = await here(page);
      await page.keyboard.press('1');
      const reasons = page.getByRole('group', { name: 'Counterfeit: why?' });
      await reasons.waitFor();
      expect(await reasons.getByRole('button').evaluateAll((all) => all.filter((one) => one.dataset['variant'] === 'filled').length)).toBe(0);
      await page.keyboard.press('Enter');
      await reasons.waitFor();
      expect([await here(page), await outbox(page)]).toEqual([first, []]);
      // What another person chose at this machine is nothing that Enter may repeat.
      await page.evaluate(() => localStorage.setItem('interdict.reasons', JSON.stringify({ counterfeit: 'price' })));
      await page.reload();
      await page.locator('li[data-here]').waitFor();
      await page.keyboard.press('1');
      await page.keyboard.press('Enter');
      expect(await outbox(page)).toEqual([]);
      // Another verdict is another key; the letter is the same wherever the reason is listed.
      await page.keyboard.press('2');
      await page.getByRole('group', { name: 'Genuine: why?' }).waitFor();
      await page.keyboard.press('s');
      await expect.poll(() => outbox(page)).toMatchObject([{ body: { verdict: 'genuine', reasonCode: 'serial', basis: 'serial' } }]);
      await page.keyboard.press('1');
      await page.keyboard.press('s');
      await page.keyboard.press('1');
      await page.getByRole('button', { name: 'Same as before: Serial number' }).waitFor();
      await page.keyboard.press('Enter');
      await expect.poll(async () => (await outbox(page)).map(({ body }) => body.reasonCode)).toEqual(['serial', 'serial', 'serial']);
      for (let n = 0; n < 3; n += 1) await page.keyboard.press('u');
      await context.close();
    });

    it.each(TONGUES)('nor in a form: what was not chosen is not sent, %s', async (language) => {
      const words = WORDS[language];
      const { page, context } = await at(PEOPLE['rights-holder'], `/cases/${world.waiting[0]}`, { language });
      await page.getByRole('button', { name: words['verdict.counterfeit'], exact: true }).click();
      const form = page.getByRole('form');
      for (const label of [words['form.reasonCode'], words['form.basis']]) expect(await form.getByLabel(label).inputValue(), label).toBe('');
      await form.getByRole('button', { name: words['verdict.counterfeit'], exact: true }).click();
      expect(await page.locator('select:invalid').count()).toBe(2);
      expect((await api.as(PEOPLE['rights-holder']).then((brand) => brand.get(`/api/cases/${world.waiting[0]}`))).body['verdict']).toBeNull();
      await context.close();
    });
  });

  describe('a dialog that closes', () => {
    it('keeps no key that is typed right after it', async () => {
      const { page, context } = await at(PEOPLE['rights-holder'], '/', { motion: 'no-preference' });
      for (const close of ['Escape', 'Enter'] as const) {
        const before = await here(page);
        await page.keyboard.press('?');
        await page.getByRole('dialog').waitFor();
        if (close === 'Enter') await page.getByRole('dialog').getByRole('button', { name: 'Close' }).focus();
        // In one go, as somebody types who knows the keys.
        await Promise.all([page.keyboard.press(close), page.keyboard.press('j')]);
        await expect.poll(() => here(page), { timeout: 2_000 }).not.toBe(before);
        await page.keyboard.press('k');
        await expect.poll(() => here(page)).toBe(before);
      }
      for (const key of ['x', 'j', 'Shift+X', '2', 'k']) await page.keyboard.press(key);
      await page.getByRole('dialog').waitFor();
      await Promise.all([page.keyboard.press('Escape'), page.keyboard.press('1')]);
      await page.getByRole('group', { name: 'Counterfeit: why?' }).waitFor({ timeout: 2_000 });
      await context.close();
    });
  });

  describe.each(TONGUES)('what could not be done, %s', (language) => {
    const words = WORDS[language];
    const problem = (status: number, code: string) => ({
      status,
      contentType: 'application/problem+json',
      body: JSON.stringify({
        type: '',
        title: '',
        status,
        code,
        detail: 'What was wrong.',
        cure: 'What to do.',
        instance: 'urn:interdict:request:r-1',
      }),
    });

    it('a refusal says so, and a fault that it is ours, with the id to quote', async () => {
      const { page, context } = await at(PEOPLE.governance, '/cases', { language });
      for (const [status, code, title, id] of [
        [403, 'wrong-scope', words['state.refused'], 0],
        [500, 'fault', words['state.fault'], 1],
        [503, 'unavailable', words['state.fault'], 1],
      ] as const) {
        await page.unrouteAll();
        await page.route('**/api/policies', (route) => route.fulfill(problem(status, code)));
        await page.goto(`${origin}/policies`);
        const alert = page.getByRole('alert').filter({ hasText: 'What was wrong.' });
        await alert.getByText(title, { exact: true }).waitFor();
        expect(await alert.getByText('urn:interdict:request:r-1').count(), code).toBe(id);
      }
      await context.close();
    });

    it('a message that ended in a fault is ours, with the message id, in a form and among answers on their way', async () => {
      const officer = await at(PEOPLE.governance, `/cases/${world.waiting[1]}`, { language });
      const fault = { state: 'fault', aggregate: null, n: null, events: [], refused: null, receivedAt: null, href: '' };
      await officer.page.route('**/cancellation', (route) => route.fulfill({ status: 202, json: { ...fault, state: 'pending', messageId: 'm' } }));
      await officer.page.route('**/api/messages/**', (route) => route.fulfill({ json: { ...fault, messageId: 'm' } }));
      await officer.page.getByRole('button', { name: words['command.cancelCase'] }).click();
      await officer.page.getByRole('form').getByRole('button', { name: words['command.cancelCase'] }).click();
      const alert = officer.page.getByRole('alert');
      await alert.getByText(words['state.fault'], { exact: true }).waitFor();
      await alert.getByText(/web-[0-9a-f-]{36}/).waitFor();
      await officer.context.close();

      const brand = await at(PEOPLE['rights-holder'], '/', { language });
      await brand.page.route('**/verdict', (route) => route.fulfill(problem(500, 'fault')));
      await brand.page.keyboard.press('1');
      await brand.page.keyboard.press('p');
      const bar = brand.page.getByRole('complementary');
      await bar.getByText(words['outbox.fault']).waitFor({ timeout: 15_000 });
      await bar.getByText('urn:interdict:request:r-1').waitFor();
      await picture(brand, `outbox-fault-${language}`);
      await expectClean(brand, 'a fault among the answers');
      await bar.getByRole('button', { name: words['outbox.dismiss'] }).click();
      await brand.context.close();
    });
  });

  describe('instants', () => {
    it.each([
      ['en', 'en-GB', 'Europe/Berlin', /\b\d{1,2} [A-Z][a-z]{2,3} 202\d, \d\d:\d\d CES?T\b/, /\b\d{1,2} [A-Z][a-z]{2,3} 202\d\b/],
      ['en', 'en-US', 'America/New_York', /\b[A-Z][a-z]{2} \d{1,2}, 202\d, \d{1,2}:\d\d\s[AP]M E[SD]T/, /\b[A-Z][a-z]{2} \d{1,2}, 202\d\b/],
      ['zh', 'zh-CN', 'Asia/Shanghai', /202\d年\d{1,2}月\d{1,2}日\s?GMT\+8\s?\d\d:\d\d/, /202\d年\d{1,2}月\d{1,2}日/],
    ] as const)('%s in %s, %s: the zone beside every deadline, dates as the reader writes them', async (language, locale, zone, deadline, date) => {
      const brand = await at(PEOPLE['rights-holder'], '/', { language, locale, zone });
      expect(await brand.page.locator('h1').textContent()).toMatch(deadline);
      expect(await here(brand.page)).toMatch(deadline);
      const silence = brand.page.getByRole('region', { name: WORDS[language]['subject.silence'] });
      for (const text of await silence.locator('time').allTextContents()) expect(text).toMatch(deadline);
      await brand.context.close();
      for (const [who, path] of [
        [PEOPLE.governance, `/cases/${world.waiting[0]}`],
        [PEOPLE.governance, '/cases?open=true'],
        [PEOPLE.liaison, `/referrals/${world.referral}`],
        [PEOPLE['rights-holder'], '/appraisals'],
      ] as const) {
        const { page, context } = await at(who, path, { language, locale, zone });
        expect(await page.locator('main').textContent(), path).toMatch(deadline);
        const deadlines = await page.locator('time[data-deadline]').allTextContents();
        expect(deadlines.length, path).toBeGreaterThan(0);
        for (const text of deadlines) expect(text, path).toMatch(deadline);
        for (const text of await page.locator('time').allTextContents()) expect(text, path).toMatch(date);
        await context.close();
      }
      const seller = await at(PEOPLE.seller, `/cases/${world.sealed[1]}`, { language, locale, zone });
      expect(await seller.page.locator('h1 + p').textContent()).toMatch(deadline);
      await seller.context.close();
    });
  });

  describe.each(TONGUES)('the work of a role, %s', (language) => {
    const words = WORDS[language];

    it('an appeal has the answer, the pictures and the rights of its case, and leads to it', async () => {
      const window = await at(PEOPLE.governance, `/appeals/${world.appeal}`, { language });
      const { page } = window;
      await page.getByText(`${words['verdict.counterfeit']} · ${words['reason.packaging']} · ${words['basis.image']}`).waitFor();
      await page.getByText('VELORIX').first().waitFor();
      const image = page.getByAltText(words['subject.image'].replace('{n}', '1')).first();
      await expect.poll(() => image.evaluate((one) => (one as HTMLImageElement).naturalWidth)).toBeGreaterThan(0);
      await picture(window, `appeal-whole-${language}`);
      await expectClean(window, 'the appeal');
      await page.getByRole('link', { name: words['fact.caseOf'] }).click();
      await page.waitForURL(`**/cases/${encodeURIComponent(world.sealed[0] ?? '')}`);
      await window.context.close();
    });

    it('an auditor finds the cases of a holder and of a seller, each with its title and where it stands', async () => {
      const window = await at(PEOPLE.auditor, '/', { language });
      const { page } = window;
      for (const text of ['Brand org-a', 'S-1']) {
        await page.getByLabel(words['audit.findLabel']).fill(text);
        await page.keyboard.press('Enter');
        const line = page.getByRole('row').filter({ hasText: 'Velorix Harbour watch no. 902' });
        await line.getByText(words['status.actioned'], { exact: true }).waitFor();
        await line.getByText(words[text === 'S-1' ? 'foundAs.seller' : 'foundAs.holder']).waitFor();
      }
      await picture(window, `auditor-found-${language}`);
      await expectClean(window, 'what was found');
      await window.context.close();
    });
  });

  // Last: it moves the clock, and every deadline passes.
  it.each(TONGUES)('a liaison sees whose sealed cases can be referred to whom, and opens a referral without typing an id, %s', async (language) => {
    const words = WORDS[language];
    const seller = `shop-${language}`;
    await sealedCase(api.db, { listing: `m:${seller}`, holder: 'org-b', seller, rights: ['R1'] });
    api.db.clock.pass(30 * 86_400_000);
    const window = await at(PEOPLE.liaison, '/', { language });
    const { page } = window;
    const section = page.getByRole('region', { name: words['liaison.sealed'] });
    await section.getByRole('row').filter({ hasText: seller }).getByText('Police').waitFor();
    // The removed listings of S-1 are in a referral to the only authority.
    expect(await section.textContent()).not.toContain('S-1');
    await page.getByRole('button', { name: words['liaison.open'] }).first().click();
    const form = page.getByRole('form');
    expect(await form.locator('select').count()).toBe(2);
    await form.getByLabel(words['referral.actor']).selectOption(seller);
    await form.getByLabel(words['form.recipient']).selectOption({ label: 'Police' });
    await form.getByLabel(words['form.reason']).fill('linked cases');
    await picture(window, `liaison-open-${language}`);
    await expectClean(window, 'opening a referral');
    const sent = page.waitForRequest((request) => request.method() === 'POST' && request.url().endsWith('/api/referrals'));
    await form.getByRole('button', { name: words['liaison.open'] }).click();
    expect((await sent).postDataJSON()).toEqual({ seller, recipient: 'police-de', reason: 'linked cases' });
    await window.context.close();
  });
});
