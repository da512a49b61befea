import { afterAll, beforeAll, expect, it } from 'vitest';
import { assess } from '../../store/log/assess-ledger.ts';
import { OutboxRow, OutboxState } from '../../store/schema/entities/outbox.ts';
import { PersonRow } from '../../store/schema/entities/register.ts';
import { DisclosureRow, ReporterRow } from '../../store/schema/entities/projections.ts';
import { ASSESS_MESSAGE } from '../../store/outbox/messages.ts';
import { salt } from '../../store/log/open-cases.ts';
import { type Manager, work } from '../../store/connection/orm.ts';
import { sealedCase } from '../store/support.ts';
import { type Caller, type TestApi, idsOf, PEOPLE, startApi } from './support.ts';

let api: TestApi;
let id: string;
let opener: Caller;
let second: Caller;

/** A closure that two cases lead to, one of which `officer` opened by hand. */
beforeAll(async () => {
  api = await startApi();
  const { db } = api;
  const em = work(db.store) as Manager;
  await em.insert(PersonRow, { id: 'second', name: 'Second', mail: null, role: 'governance-officer', organisations: [], duty: [] });
  const cases = [];
  for (const n of [1, 2]) cases.push(await sealedCase(db, { listing: `m:${n}` }));
  const { disclosure } = salt('officer');
  await em.insert(DisclosureRow, disclosure);
  await em.insert(ReporterRow, { aggregate: cases[0] ?? '', digest: disclosure.digest, capacity: 'governance' });
  db.clock.pass(30 * 86_400_000);
  const letters = { kind: ASSESS_MESSAGE, state: OutboxState.waiting };
  for (const letter of await em.find(OutboxRow, letters, { orderBy: { dueAt: 'asc', id: 'asc' } })) await assess(db.context, letter);
  opener = await api.as(PEOPLE.governance);
  second = await api.as('second');
  [id = ''] = idsOf(await opener.get('/api/sanctions?status=proposed'));
});
afterAll(() => api.close());

interface View {
  readonly actions: readonly {
    readonly command: string;
    readonly isAllowed: boolean;
    readonly refused: { readonly code: string } | null;
    readonly decisions: readonly { readonly decision: string; readonly refused: { readonly code: string; readonly cure: string } | null }[];
  }[];
}
async function actsOf(caller: Caller): Promise<readonly unknown[]> {
  const { actions } = (await caller.get(`/api/sanctions/${id}`)).body as unknown as View;
  return actions.map(({ command, isAllowed, refused, decisions }) => [
    command,
    isAllowed,
    refused?.code ?? null,
    decisions.map((one) => [one.decision, one.refused?.code ?? 'allowed']),
  ]);
}
const decide = (caller: Caller, decision: string) => caller.send('POST', `/api/sanctions/${id}/decision`, { decision, reason: 'looked at it' });

it('whoever opened a case behind a measure is told beforehand that another has to approve it, and may reject it', async () => {
  const [approve, reject] = ['approve', 'reject'];
  expect(await actsOf(opener)).toEqual([
    [
      'decideSanction',
      true,
      null,
      [
        [approve, 'four-eyes'],
        [reject, 'allowed'],
      ],
    ],
    ['liftSanction', false, 'not-now', []],
  ]);
  expect((await actsOf(second))[0]).toEqual([
    'decideSanction',
    true,
    null,
    [
      [approve, 'allowed'],
      [reject, 'allowed'],
    ],
  ]);
  expect((await decide(opener, approve)).body).toMatchObject({ status: 422, code: 'four-eyes', cure: 'Ask another officer to decide.' });
  expect((await decide(second, approve)).body).toMatchObject({ events: ['SanctionApproved', 'MeasureOrdered'] });
  expect((await actsOf(second))[0]).toEqual([
    'decideSanction',
    false,
    'not-now',
    [
      [approve, 'not-now'],
      [reject, 'not-now'],
    ],
  ]);
});
