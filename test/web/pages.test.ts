import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectClean, hasBrowser, openWindow, picture, startStage, type Stage } from './browser.ts';
import { type TestApi, PEOPLE, type Role } from '../api/support.ts';
import { HOSTILE, type World } from '../api/world.ts';

const ROLES: readonly Role[] = ['rights-holder', 'governance', 'account-manager', 'seller', 'auditor', 'liaison'];

describe.skipIf(!hasBrowser())('the pages in a browser', () => {
  let stage: Stage;
  let api: TestApi;
  let browser: Browser;
  let origin: string;
  let world: World;
  beforeAll(async () => {
    stage = await startStage(14);
    ({ api, browser, origin, world } = stage);
  });
  afterAll(() => stage?.close());

  const LOOKS = [
    { language: 'en', width: 1440, height: 900, scheme: 'light' },
    { language: 'zh', width: 1440, height: 900, scheme: 'dark' },
    { language: 'en', width: 360, height: 740, scheme: 'dark' },
    { language: 'zh', width: 360, height: 740, scheme: 'light' },
  ] as const;
  const all = ROLES.flatMap((role) => LOOKS.map((look) => [role, look] as const));

  it.each(all)('the first page of %s, %o: read by a screen reader, nothing refused, nothing too wide', async (role, look) => {
    const window = await openWindow(browser, api, origin, PEOPLE[role], look);
    await window.page.goto(origin);
    await window.page.locator('h1').waitFor();
    await window.page.locator('[aria-busy]').first().waitFor({ state: 'detached' });
    await picture(window, `${role}-${look.language}-${look.width}-${look.scheme}`);
    await expectClean(window, role);
    expect(await window.page.evaluate(() => document.documentElement.lang)).toBe(look.language);
    await window.context.close();
  });

  const pages: readonly (readonly [name: string, role: Role, path: () => string])[] = [
    ['case', 'governance', () => `/cases/${world.waiting[0]}`],
    ['case-sealed', 'governance', () => `/cases/${world.sealed[0]}`],
    ['case-brand', 'rights-holder', () => `/cases/${world.waiting[1]}`],
    ['case-seller', 'seller', () => `/cases/${world.sealed[1]}`],
    ['appeal', 'governance', () => `/appeals/${world.appeal}`],
    ['cases', 'governance', () => '/cases?open=true'],
    ['sanctions', 'governance', () => '/sanctions'],
    ['open', 'governance', () => '/open'],
    ['policies', 'governance', () => '/policies'],
    ['replay', 'auditor', () => `/replay/${world.sealed[0]}`],
    ['packet', 'auditor', () => `/packets/${world.sealed[0]}`],
    ['referrals', 'governance', () => '/referrals'],
    ['referral', 'liaison', () => `/referrals/${world.referral}`],
    ['appraisals', 'rights-holder', () => '/appraisals'],
    ['appraisal', 'rights-holder', () => `/appraisals/${world.referral}`],
    ['calendar', 'rights-holder', () => '/calendar'],
    ['nowhere', 'auditor', () => '/nowhere'],
  ];
  it.each(pages.flatMap((page) => [LOOKS[0], LOOKS[3]].map((look) => [...page, look] as const)))('%s as %s', async (name, role, path, look) => {
    const window = await openWindow(browser, api, origin, PEOPLE[role], look);
    await window.page.goto(`${origin}${path()}`);
    await window.page.locator('h1').waitFor();
    await window.page.locator('[aria-busy]').first().waitFor({ state: 'detached' });
    await picture(window, `${name}-${look.language}-${look.width}-${look.scheme}`);
    await expectClean(window, name);
    await window.context.close();
  });

  it('shows a script in a title or description as text, to brand and officer', async () => {
    for (const role of ['rights-holder', 'governance'] as const) {
      const window = await openWindow(browser, api, origin, PEOPLE[role]);
      await window.page.goto(`${origin}/cases/${world.waiting[2]}`);
      await window.page.getByText(HOSTILE).first().waitFor();
      expect(await window.page.evaluate(() => 'hacked' in globalThis)).toBe(false);
      expect(window.complaints).toEqual([]);
      await window.context.close();
    }
  });

  it('asks a stranger to sign in, and answers every address the same', async () => {
    const window = await openWindow(browser, api, origin, undefined);
    await window.page.goto(`${origin}/cases/${world.waiting[0]}`);
    await window.page.getByRole('textbox').fill('reviewer@org-a.test');
    await window.page.keyboard.press('Enter');
    await window.page.getByText('If we know this address, a sign-in link is on its way. It works once.').waitFor();
    await expectClean(window, 'sign-in');
    await picture(window, 'sign-in-en-1440-light');
    await window.context.close();
  });
});
