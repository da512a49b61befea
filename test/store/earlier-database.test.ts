import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AggregateId } from '../../domain/ids.ts';
import { work } from '../../store/connection/orm.ts';
import { outlineOf } from '../../domain/packet/outline.ts';
import { readHistory } from '../../store/queries/export.ts';
import { foldOf, readLogged } from '../../store/queries/aggregate.ts';
import { readCase } from '../../store/queries/cases.ts';
import { ChangeRow } from '../../store/schema/entities/changes.ts';
import { OutboxRow } from '../../store/schema/entities/outbox.ts';
import { AggregateRow, NaturalKeyRow } from '../../store/schema/entities/log.ts';
import { migrate } from '../../store/schema/migrate.ts';
import { instant } from '../../domain/instant.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { accept, answerTo, move, OFFICER, SELLER, sealedCase, writePeople } from './support.ts';

let db: TestDatabase;
const em = () => work(db.store);
beforeAll(async () => {
  db = await testDatabase();
  await writePeople(db);
});
afterAll(() => db?.close());

async function sql(...texts: readonly string[]): Promise<void> {
  const client = new Client({ connectionString: db.url });
  await client.connect();
  try {
    for (const text of texts) await client.query(text);
  } finally {
    await client.end();
  }
}

const storedState = async (id: AggregateId) => (await em().findOneOrFail(AggregateRow, { id })).state as { readonly policy: string };
const contest = (id: AggregateId, message: string) => accept(db, id, message, { kind: 'fileCounterNotice' }, SELLER, { statement: 'mine' });

/** Everything as the version before the renaming wrote it, decisions too. */
const IN_EARLIER_NAMES = [
  'alter table outbox rename to letter',
  ...['due', 'sending', 'aggregate_n_index', 'digest_index', 'mark_index', 'pkey'].map(
    (name) => `alter index outbox_${name} rename to letter_${name}`,
  ),
  'alter policy outbox_engine on letter rename to letter_engine',
  `update aggregate set state = replace(state::text, '"counter-notice"', '"counter-statement"')::jsonb`,
  `update natural_key set key = replace(key, '"counter-notice"', '"counter-statement"')`,
  "update letter set kind = 'counter-statement' where kind = 'counter-notice'",
  `update letter set about = replace(replace(about::text, '"counter-notice"', '"counter-statement"'), '"fileCounterNotice"', '"fileCounterStatement"')::jsonb`,
  `update inbox set content = replace(content::text, '"fileCounterNotice"', '"fileCounterStatement"')::jsonb`,
  `update decision set envelope = replace(replace(replace(replace(envelope::text, '"counter-notice"', '"counter-statement"'),
    '"recordEffectResult"', '"recordOutcome"'), '"fileCounterNotice"', '"fileCounterStatement"'), '"CounterNoticeFiled"', '"CounterStatementFiled"')::jsonb`,
  "delete from migration where name in ('Migration0008Names', 'Migration0009Outbox')",
];

describe('a database in which a counter-notice is called counter-statement', () => {
  let contested: AggregateId;
  let waiting: AggregateId;
  let review: AggregateId;
  let changes: number;
  beforeAll(async () => {
    contested = await sealedCase(db, { listing: 'm:contested' });
    db.clock.pass(60_000);
    await contest(contested, 'first');
    await move(db, contested);
    const answer = await answerTo(db, 'first');
    if (answer?.kind !== 'done') throw new Error(JSON.stringify(answer));
    review = answer.aggregate as AggregateId;
    waiting = await sealedCase(db, { listing: 'm:waiting' });
    db.clock.pass(60_000);
    await contest(waiting, 'unread');
    await sql(...IN_EARLIER_NAMES);
    changes = await em().count(ChangeRow, {});
    expect(await em().findOneOrFail(AggregateRow, { id: review })).toMatchObject({ state: { kind: 'counter-statement' } });
    expect(await migrate(db.url)).toEqual(['Migration0008Names', 'Migration0009Outbox']);
  });

  it('is migrated where it is not hashed, and nobody is told of a change', async () => {
    expect(await em().findOneOrFail(AggregateRow, { id: review })).toMatchObject({ state: { kind: 'counter-notice' } });
    expect((await em().findOneOrFail(NaturalKeyRow, { aggregate: review })).key).toContain('"counter-notice"');
    const letters = await em().find(OutboxRow, { aggregate: review });
    expect(letters.map(({ kind }) => kind)).toContain('counter-notice');
    expect([...new Set(letters.flatMap(({ about }) => about['appeal'] ?? []))]).toEqual(['counter-notice']);
    expect(await em().count(ChangeRow, {})).toBe(changes);
  });

  it('shows what was decided before in the names of today', async () => {
    const logged = await readLogged(em(), review);
    const decisions = logged?.decisions.map(({ decision }) => decision) ?? [];
    expect(decisions[0]?.command).toMatchObject({ kind: 'openAppeal', appeal: 'counter-notice' });
    expect(foldOf(review, decisions)).toEqual(logged?.row.state);
    const view = await readCase(em(), contested);
    expect(view?.timeline.map(({ command }) => command)).toContain('recordEffectResult');
    const history = await readHistory(em(), contested, { exportedAt: instant('2026-01-01T00:00:00Z') });
    if (history === undefined) throw new Error('no history');
    expect(JSON.stringify(history)).toContain('"counter-statement"');
    expect(outlineOf({ ...history, flow: null, noFlow: [] }).appeals).toMatchObject([{ kind: 'counter-notice' }]);
  });

  it('is driven on: reviews of before and of today both count as rounds of the case', async () => {
    const uphold = async (id: AggregateId) => {
      db.clock.pass(60_000);
      await accept(db, id, `upheld:${id}`, { kind: 'decideAppeal', decision: 'uphold' }, OFFICER, { reason: 'seen' });
      await move(db, id);
      return em().findOneOrFail(AggregateRow, { id });
    };
    const again = async (message: string) => {
      db.clock.pass(60_000);
      await contest(contested, message);
      await move(db, contested);
      return answerTo(db, message);
    };
    expect(await uphold(review)).toMatchObject({ status: 'upheld', state: { kind: 'counter-notice' } });
    const policy = await db.context.policies.values(em(), (await storedState(contested)).policy);
    for (let round = 2; round <= policy.appeals.counterStatementRounds; round += 1) {
      const answer = await again(`round ${round}`);
      if (answer?.kind !== 'done') throw new Error(JSON.stringify(answer));
      await uphold(answer.aggregate as AggregateId);
    }
    expect(await again('one too many')).toMatchObject({ kind: 'refused', code: 'contested-already' });
  });

  it('takes a message that was accepted before and not yet read', async () => {
    await move(db, waiting);
    expect(await answerTo(db, 'unread')).toMatchObject({ kind: 'done', events: ['AppealOpened', 'LedgerHeld', 'ReviewAsked'] });
  });
});
