import { afterAll, beforeAll, expect, it } from 'vitest';
import { composeMail, type DueNotification } from '../../notifications/compose.ts';
import { withPage } from '../../activities/notifications/pages.ts';
import { readParams } from '../../activities/notifications/case-parameters.ts';
import { signInMail } from '../../activities/notifications/sign-in.ts';
import { mailTextsIn } from '../../notifications/languages.ts';
import { instant } from '../../domain/instant.ts';
import { orderLinks } from '../../store/access/order-link.ts';
import { OutboxRow } from '../../store/schema/entities/outbox.ts';
import { INTERNAL_MESSAGES } from '../../store/outbox/messages.ts';
import { work } from '../../store/connection/orm.ts';
import { accept, move, OFFICER, open, openWithoutSeller, reviewer, sealedCase, SELLER, settle, verdict } from '../store/support.ts';
import { type TestApi, ORIGIN, PEOPLE, startApi } from './support.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const em = () => work(api.db.store);
const lettersOf = (kind: string) => em().find(OutboxRow, { kind }, { orderBy: { id: 'asc' } });

/** Every row of every table, as one text a table. */
async function everything(): Promise<Readonly<Record<string, string>>> {
  const tables = await em().execute<{ name: string }[]>(
    "select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'public' and c.relkind = 'r' and c.relname <> 'migration'",
  );
  const found: Record<string, string> = {};
  for (const { name } of tables) {
    const [row] = await em().execute<{ rows: string | null }[]>(
      `select string_agg(to_jsonb(t)::text, E'\\n' order by to_jsonb(t)::text) as rows from "${name}" t`,
    );
    found[name] = row?.rows ?? '';
  }
  return found;
}

/** The addresses in both parts of a mail. */
function linksOf({ text, html }: { readonly text: string; readonly html: string }): readonly string[] {
  const inHtml = [...html.matchAll(/href="([^"]*)"/g)].map(([, href = '']) => href.replaceAll('&amp;', '&'));
  return [...new Set([...inHtml, ...(text.match(/https?:\/\/\S+/g) ?? [])])];
}

it('whatever opens the links of a mail before its reader does changes nothing', async () => {
  const cases = [await open(api.db), await open(api.db, { listing: 'm:2' })];
  const asked: DueNotification[] = [];
  for (const row of await lettersOf('ask'))
    asked.push({ id: row.id, dueAt: instant(row.dueAt), params: withPage(await readParams(api.db.context, em(), row), ORIGIN, row.aggregate) });
  const digest = composeMail(mailTextsIn('en'), 'digest:1', asked);
  const links = linksOf(digest);
  expect(links.toSorted()).toEqual(cases.map((id) => `${ORIGIN}/cases/${id}`).toSorted());
  await orderLinks(em(), 'reviewer@org-a.test', { origin: ORIGIN, page: `/cases/${cases[0]}` }, api.db.clock.now());
  const [order] = await lettersOf('sign-in');
  const signIn = order && (await signInMail(api.db.context, mailTextsIn('en'), order));
  if (signIn === undefined) throw new Error('no mail to sign in');
  const every = [...links, ...linksOf(signIn)];
  expect(every.filter((href) => !href.startsWith(`${ORIGIN}/`))).toEqual([]);

  const before = await everything();
  for (const href of every)
    for (const method of ['GET', 'HEAD'] as const)
      for (const headers of [
        {},
        { accept: 'text/html', purpose: 'prefetch', 'sec-purpose': 'prefetch;prerender' },
        { 'user-agent': 'SafeLinks scanner' },
      ])
        expect((await api.app.inject({ method, url: href.slice(ORIGIN.length), headers })).statusCode).toBeLessThan(500);
  expect(await everything()).toEqual(before);
  expect(before['sign_in_link']).not.toBe('');

  // What the reader finds after all of this: a link that signs in, and a case that waits for an answer.
  const [url = ''] = linksOf(signIn);
  const page = await api.app.inject({ method: 'GET', url: url.slice(ORIGIN.length) });
  const token = /name="token" value="([^"]+)"/.exec(page.body)?.[1] ?? '';
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const used = await api.app.inject({ method: 'POST', url: '/sign-in', headers, payload: `token=${token}&page=/cases/${cases[0]}` });
  expect([used.statusCode, used.headers['location']]).toEqual([303, `/cases/${cases[0]}`]);
  const brand = await api.as(PEOPLE['rights-holder']);
  expect((await brand.get(`/api/cases/${cases[0]}`)).body).toMatchObject({ status: 'awaiting-confirmation' });
});

it('letters of an appeal lead to the appeal; reasons for a removal to the case, where they are contested', async () => {
  const { db } = api;
  const contested = await sealedCase(db, { listing: 'm:3' });
  await accept(db, contested, 'contest:mail', { kind: 'fileCounterNotice' }, SELLER, { statement: 'Mine.' });
  await move(db, contested);
  const unknown = await openWithoutSeller(db, { listing: 'm:4' });
  db.clock.pass(60_000);
  await accept(db, unknown, 'confirm:mail', verdict('counterfeit'), reviewer('org-a'));
  await move(db, unknown);
  db.clock.pass(60_000);
  await settle(db, unknown);
  await accept(db, unknown, 'known:mail', { kind: 'identifySeller' }, OFFICER, { seller: 'S-2' });
  await move(db, unknown);
  const rows = await em().find(OutboxRow, { aggregate: { $like: 'appeal:%' }, kind: { $nin: [...INTERNAL_MESSAGES] } });
  const links = new Map<string, string>();
  for (const row of rows) {
    const params = withPage(await readParams(db.context, em(), row), ORIGIN, row.aggregate);
    const mail = composeMail(mailTextsIn('en'), row.id, [{ id: row.id, dueAt: instant(row.dueAt), params }]);
    const wanted = row.kind === 'statement-of-reasons' ? `${ORIGIN}/cases/${unknown}` : `${ORIGIN}/appeals/${row.aggregate}`;
    expect(linksOf(mail), row.kind).toEqual([wanted]);
    expect(mail.text, row.kind).toContain(row.kind === 'statement-of-reasons' ? 'Open the case: ' : 'Open the appeal: ');
    links.set(row.kind, wanted);
  }
  expect([...links.keys()].sort()).toEqual(['appeal-ended', 'counter-notice', 'review-asked', 'statement-of-reasons']);
});
