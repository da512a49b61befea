import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AggregateRow, DecisionRow, InboxRow, NaturalKeyRow } from '../../store/schema/entities/log.ts';
import { OutboxRow } from '../../store/schema/entities/outbox.ts';
import { DisclosureRow, GroundRow, PartyRow } from '../../store/schema/entities/projections.ts';
import { PolicyCache } from '../../store/log/context.ts';
import { openCases } from '../../store/log/open-cases.ts';
import { openStore, work } from '../../store/connection/orm.ts';
import { shippedPolicy } from '../../policies/load.ts';
import { instant } from '../../domain/instant.ts';
import { storePolicy } from '../../store/register/policies.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { accept, anOpening, answerTo, idOf, move, open, reviewer, settle, verdict, writePeople } from './support.ts';

let db: TestDatabase;
const em = () => work(db.store);
const version = (n: number) => n.toString(16).padStart(64, '0');

beforeAll(async () => {
  db = await testDatabase();
  await writePeople(db);
});
afterAll(() => db?.close());

describe('opening', () => {
  it('a detection delivered a hundred times in parallel opens one case', async () => {
    const all = await Promise.all(Array.from({ length: 100 }, () => openCases(db.context, [anOpening({ listing: 'm:hundred' })])));
    const opened = all.flat();
    expect(new Set(opened.map(({ id }) => id)).size).toBe(1);
    expect(opened.filter(({ as }) => as === 'opened')).toHaveLength(1);
    expect(opened.filter(({ as }) => as === 'known')).toHaveLength(99);
    const id = idOf(opened[0]);
    expect(await em().count(AggregateRow, { listing: 'm:hundred' })).toBe(1);
    expect(await em().count(DecisionRow, { aggregate: id })).toBe(1);
    expect(await em().count(NaturalKeyRow, { aggregate: id })).toBe(1);
    expect(await em().count(OutboxRow, { aggregate: id, kind: 'start' })).toBe(1);
  });

  it('leaves nothing behind of the openings that were not the first', async () => {
    const before = await em().count(DisclosureRow, {});
    await Promise.all(Array.from({ length: 20 }, () => openCases(db.context, [anOpening({ listing: 'm:salt' })])));
    // One seller name salted once: losers read the winner before they salt.
    expect((await em().count(DisclosureRow, {})) - before).toBe(1);
  });

  it('several versions of one listing that are found at the same moment are one case', async () => {
    for (let round = 0; round < 5; round++) {
      const listing = `m:versions-${round}`;
      const versions = Array.from({ length: 8 }, (_, n) => anOpening({ listing, version: version(n) }));
      const opened = (await Promise.all(versions.map((one) => openCases(db.context, [one])))).flat();
      expect(opened.map(({ as }) => as).sort()).toEqual(['joined', 'joined', 'joined', 'joined', 'joined', 'joined', 'joined', 'opened']);
      expect(await em().count(AggregateRow, { listing })).toBe(1);
      await move(db, idOf(opened[0]));
      const row = await em().findOneOrFail(AggregateRow, { listing });
      expect((row.state as { versions: readonly string[] }).versions.toSorted()).toEqual(versions.map((one) => one.version));
    }
  });

  it('two sweeps that meet in opposite order wait for each other', async () => {
    const batch = Array.from({ length: 40 }, (_, n) => anOpening({ listing: `m:batch-${n}`, version: version(n) }));
    const rounds = await Promise.all(
      [batch, batch.toReversed(), batch.toSorted((a, b) => (a.version < b.version ? 1 : -1)), batch].map((openings) =>
        openCases(db.context, openings),
      ),
    );
    const ids = rounds.map((round) => round.map(({ id }) => id).sort());
    for (const other of ids) expect(other).toEqual(ids[0]);
    expect(rounds.flat().filter(({ as }) => as === 'opened')).toHaveLength(40);
  });

  it('a batch is opened whole or not at all', async () => {
    const good = anOpening({ listing: 'm:whole' });
    const impossible = anOpening({ listing: `m:${'x'.repeat(400)}` });
    await expect(openCases(db.context, [good, impossible])).rejects.toThrow('too long');
    expect(await em().count(AggregateRow, { listing: 'm:whole' })).toBe(0);
    expect(await em().count(NaturalKeyRow, { key: { $like: '%m:whole%' } })).toBe(0);
    expect((await openCases(db.context, [good]))[0]?.as).toBe('opened');
  });

  it('what cannot be opened leaves its natural key free', async () => {
    const beyond = anOpening({ listing: 'm:zone', calendar: { country: 'DE', zone: 'Europe/Nowhere', hours: '09:00-18:00' } });
    expect((await openCases(db.context, [beyond]))[0]?.as).toBe('refused');
    expect((await openCases(db.context, [anOpening({ listing: 'm:zone' })]))[0]?.as).toBe('opened');
  });

  it('a natural key is unique within its operator only, and so is a message id', async () => {
    const { store: mine } = db;
    const theirs = await openStore({ url: db.engineUrl, operator: 'other', poolSize: 2 });
    try {
      await storePolicy(work(theirs), await shippedPolicy(), instant('2020-01-01T00:00:00Z'));
      const there = { ...db, store: theirs, context: { ...db.context, store: theirs, policies: new PolicyCache() } };
      const here = await open(db, { listing: 'm:both' });
      const other = await open(there, { listing: 'm:both' });
      expect(other).not.toBe(here);
      for (const [where, id] of [
        [db, here],
        [there, other],
      ] as const) {
        expect(await accept(where, id, 'same-id', verdict('genuine'))).toMatchObject({ kind: 'accepted' });
        await move(where, id);
        expect(await answerTo(where, 'same-id')).toMatchObject({ aggregate: id });
      }
      expect(await work(mine).count(PartyRow, { aggregate: other })).toBe(0);
      await expect(move(db, other)).rejects.toThrow('the log ends at 0');
      // The other operator's case is no case here: its message is stored by nobody's workflow and read by nobody.
      expect(await work(theirs).count(InboxRow, { aggregate: here })).toBe(0);
    } finally {
      await theirs.close();
    }
  });
});

describe('two holders on one listing', () => {
  const removedTwice = async (listing: string) => {
    const ids = [await open(db, { listing }), await open(db, { listing, holder: 'org-b', rights: ['R2'] })];
    db.clock.pass(60_000);
    const holders = ['org-a', 'org-b'];
    for (const [index, id] of ids.entries()) {
      await accept(db, id, `confirm:${id}`, verdict('counterfeit'), reviewer(holders[index] ?? ''));
      await move(db, id);
      db.clock.pass(1_000);
      await settle(db, id);
    }
    return ids;
  };

  it('corrected at the same moment: the listing is put back once, by whoever comes last', async () => {
    for (let round = 0; round < 10; round++) {
      const ids = await removedTwice(`m:two-${round}`);
      expect(await em().count(GroundRow, { listing: `m:two-${round}` })).toBe(2);
      db.clock.pass(60_000);
      const holders = ['org-a', 'org-b'];
      await Promise.all(
        ids.map(async (id, index) => {
          await accept(db, id, `correct:${id}`, verdict('genuine'), reviewer(holders[index] ?? ''));
          await move(db, id);
        }),
      );
      const answers = await Promise.all(ids.map((id) => answerTo(db, `correct:${id}`)));
      const events = answers.flatMap((answer) => (answer?.kind === 'done' ? answer.events : []));
      expect(events.filter((event) => event === 'PutBackOrdered')).toHaveLength(1);
      expect(events.filter((event) => event === 'PutBackWithheld')).toHaveLength(1);
      expect(await em().count(GroundRow, { listing: `m:two-${round}` })).toBe(0);
    }
  });

  it('one of them corrected: its ground goes, the other keeps the listing down', async () => {
    const [first] = await removedTwice('m:one-of-two');
    if (first === undefined) throw new Error('nothing opened');
    await accept(db, first, `correct:${first}`, verdict('genuine'));
    await move(db, first);
    expect(await answerTo(db, `correct:${first}`)).toMatchObject({ events: expect.arrayContaining(['PutBackWithheld']) });
    expect(await em().find(GroundRow, { listing: 'm:one-of-two' })).toHaveLength(1);
  });
});
