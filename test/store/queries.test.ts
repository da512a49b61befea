import { Query } from 'pg';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { HOLDER, openingOf, REVIEWER } from '../../bench/stage-data.ts';
import { Capacity } from '../../domain/aggregate.ts';
import { OrganisationRow, PersonRow } from '../../store/schema/entities/register.ts';
import { acceptMessage } from '../../store/log/inbox.ts';
import { advance } from '../../store/log/advance.ts';
import { openCases, salt } from '../../store/log/open-cases.ts';
import { type Manager, work } from '../../store/connection/orm.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
  const em = work(db.store);
  await em.insert(OrganisationRow, { id: HOLDER, name: 'A', kind: 'rights-holder' });
  await em.insert(PersonRow, { id: REVIEWER, name: 'R', role: 'brand-reviewer', organisations: [HOLDER], duty: [] });
  // The first case also reads what is kept in memory afterwards.
  await story(1, async (_name, step) => step());
});
afterAll(() => db?.close());
afterEach(() => vi.restoreAllMocks());

/** Statements sent while the step runs, transaction control included: counted where all of them pass, at the connection. */
async function statements(step: () => Promise<unknown>): Promise<readonly string[]> {
  const sent: string[] = [];
  const submit = Query.prototype.submit;
  const spy = vi.spyOn(Query.prototype, 'submit').mockImplementation(function (this: Query, connection) {
    sent.push(
      String((this as unknown as { text: unknown }).text)
        .replace(/\s+/g, ' ')
        .slice(0, 150),
    );
    return submit.call(this, connection);
  });
  await step();
  spy.mockRestore();
  return sent;
}

type Measure = (name: string, step: () => Promise<unknown>) => Promise<unknown>;

/** Opened, confirmed, taken down, sealed: what the log does for it, step by step. */
async function story(number: number, measure: Measure): Promise<void> {
  let id = '';
  await measure('open', async () => {
    id = (await openCases(db.context, [openingOf(number)]))[0]?.id ?? '';
  });
  db.clock.pass(1_000);
  const who = salt(REVIEWER);
  const content = {
    by: { capacity: Capacity.rightsHolder, organisation: HOLDER, person: who.salted },
    kind: 'recordVerdict',
    verdict: 'counterfeit',
    reasonCode: 'packaging',
    basis: 'image',
  };
  const message = { id: `v${number}`, aggregate: id, sender: HOLDER, fingerprint: `v${number}`, disclosures: [who.disclosure], content };
  await measure('accept', () => work(db.store).transactional((em) => acceptMessage(em as Manager, db.clock, message)));
  const request = { id: id as Parameters<typeof advance>[1]['id'], n: 1 };
  await measure('decide', () => advance(db.context, request));
  db.clock.pass(1_000);
  const result = { kind: 'removed', at: db.clock.now(), version: openingOf(number).version, orders: 0 } as const;
  await measure('outcome', () => advance(db.context, { ...request, n: 2, outcomes: [{ key: `takedown:v${number}`, try: 1, result }] }));
  await measure('nothing to do', () => advance(db.context, { ...request, n: 3 }));
}

/** Each statement is a round trip under the aggregate's lock: a new one has to be worth it. */
const AT_MOST: Readonly<Record<string, number>> = { open: 6, accept: 4, decide: 8, outcome: 14, 'nothing to do': 4 };

it('the log sends no more statements than it needs', async () => {
  const sent: Record<string, readonly string[]> = {};
  await story(2, async (name, step) => {
    sent[name] = await statements(step);
  });
  const counts = Object.fromEntries(Object.entries(sent).map(([name, texts]) => [name, texts.length]));
  for (const [name, most] of Object.entries(AT_MOST)) expect(counts[name], `${name}:\n${sent[name]?.join('\n')}`).toBeLessThanOrEqual(most);
});
