import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CaseState } from '../../domain/case/model.ts';
import type { AggregateId } from '../../domain/ids.ts';
import { policyDigest } from '../../domain/policy/policy.ts';
import { redecide } from '../../domain/verify-decisions.ts';
import { parsePolicy } from '../../policies/load.ts';
import { AggregateRow, DecisionRow } from '../../store/schema/entities/log.ts';
import { PolicyRow } from '../../store/schema/entities/register.ts';
import { advance } from '../../store/log/advance.ts';
import { work } from '../../store/connection/orm.ts';
import { accept, answerTo, move, open, settle, verdict } from '../store/support.ts';
import { type TestApi, PEOPLE, startApi } from './support.ts';

/** The document as version 1 shipped it: in the first schema, without what later ones added. */
const text = readFileSync(new URL('../policies/shipped/default-1.yaml', import.meta.url), 'utf8');
const older = parsePolicy(text, 'default-1.yaml');
const digest = policyDigest(older);

let api: TestApi;
let id: AggregateId;
beforeAll(async () => {
  api = await startApi();
  const { db } = api;
  const { name, version } = older;
  // As an installation from before stored it; what ships now was not there.
  await work(db.store).nativeDelete(PolicyRow, {});
  await work(db.store).insert(PolicyRow, { digest, name, version, document: { ...older }, since: '2020-01-01T00:00:00.000Z' });
  id = await open(db);
});
afterAll(() => api.close());

const stateOf = async () => (await work(api.db.store).findOneOrFail(AggregateRow, { id })).state as CaseState;

it('a case that pins an older document: queue and page answer, and say what can be done', async () => {
  expect((await stateOf()).policy).toBe(digest);
  const brand = await api.as(PEOPLE['rights-holder']);
  const queue = await brand.get('/api/queue');
  expect([queue.status, queue.body['items']]).toEqual([200, [expect.objectContaining({ id })]]);
  const page = await brand.get(`/api/cases/${id}`);
  expect([page.status, page.body['policy']]).toEqual([200, digest]);
  expect(page.body['actions']).toContainEqual(expect.objectContaining({ command: 'recordVerdict', verdict: 'genuine', isAllowed: true }));
});

it('it goes on, also through a command that reads what the document does not say', async () => {
  const { db } = api;
  db.clock.pass(60_000);
  await accept(db, id, 'confirm', verdict('counterfeit'));
  await move(db, id);
  // The brand takes it back while the takedown is under way: the listing is to be put back, and that fails.
  await accept(db, id, 'back', verdict('genuine'));
  await move(db, id);
  await settle(db, id);
  const { standing } = await move(db, id);
  const [putBack] = standing.owes;
  expect(putBack?.kind).toBe('put-back');
  const failed = { key: putBack?.key ?? '', try: 1, result: { kind: 'failed' as const, reason: 'the marketplace is away' } };
  const after = await advance(db.context, { id, n: standing.n, outcomes: [failed] });
  expect(after.standing.due).toEqual({ at: new Date(Date.parse(db.clock.now()) + 15 * 60_000).toISOString(), rule: 'effect.retry' });
  expect(await answerTo(db, 'back')).toMatchObject({ kind: 'done' });
});

it('what was decided names the document by its digest, is decided again alike, and says where the default comes from', async () => {
  const em = work(api.db.store);
  const rows = await em.find(DecisionRow, { aggregate: id }, { orderBy: { n: 'asc' } });
  expect(new Set(rows.map(({ envelope }) => envelope.facts.policy))).toEqual(new Set([digest]));
  const stored = rows.map(({ envelope, hash }) => ({ decision: envelope, hash }));
  // A JSON file knows nothing of what a process has read before.
  expect(redecide(stored, { [digest]: JSON.parse(JSON.stringify(older)) }).filter((check) => !check.ok)).toEqual([]);
  const page = await (await api.as(PEOPLE.governance)).get(`/api/cases/${id}`);
  const timeline = page.body['timeline'] as readonly { readonly policy: readonly object[] }[];
  expect(timeline.flatMap((entry) => entry.policy)).toContainEqual({
    path: 'putBack.retryAfter.0',
    value: expect.stringContaining('15'),
    source: expect.stringMatching(/^default of schema 2: /),
  });
});
