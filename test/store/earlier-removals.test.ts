import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { instant } from '../../domain/instant.ts';
import { ListingRow, SellerRow } from '../../store/schema/entities/register.ts';
import { GroundRow } from '../../store/schema/entities/projections.ts';
import { work } from '../../store/connection/orm.ts';
import { removedOf } from '../../store/queries/earlier-removals.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { accept, answerTo, move, open, reviewer, SELLER, sealedCase, settle, VERSION, verdict, writePeople } from './support.ts';

const LONG_AGO = instant('2000-01-01T00:00:00Z');
let db: TestDatabase;
const em = () => work(db.store);

/** A listing of the register in the version that cases are opened with. */
async function aKnownListing(id: string, seller: string, more: object = {}): Promise<void> {
  await em().insert(ListingRow, {
    id,
    marketplace: 'm',
    market: 'DE',
    seller,
    version: VERSION,
    row: { listing: id, title: `Title of ${id}`, images: ['/a.png'] },
    ...more,
  });
}

const removed = async (...sellers: readonly string[]) => (await removedOf(em(), sellers, LONG_AGO)).map((one) => [one.seller, one.listing]);

beforeAll(async () => {
  db = await testDatabase();
  await writePeople(db);
});
afterAll(() => db?.close());

describe('what a party had removed', () => {
  it('is a listing removed on a confirmed verdict, with its words, its case and the instant', async () => {
    await aKnownListing('m:plain', 'S-plain');
    const id = await sealedCase(db, { listing: 'm:plain', seller: 'S-plain' });
    expect(await removedOf(em(), ['S-plain', 'S-other'], LONG_AGO)).toEqual([
      {
        seller: 'S-plain',
        case: id,
        marketplace: 'm',
        listing: 'm:plain',
        holder: 'org-a',
        removedAt: db.clock.now(),
        title: 'Title of m:plain',
        images: ['/a.png'],
      },
    ]);
    expect(await removedOf(em(), ['S-plain'], instant('2999-01-01T00:00:00Z'))).toEqual([]);
    expect(await removedOf(em(), [], LONG_AGO)).toEqual([]);
  });

  it('is asked for by any account of the party', async () => {
    for (const id of ['S-one', 'S-two']) await em().insert(SellerRow, { id, actor: 'party-1', row: {} });
    await em().insert(SellerRow, { id: 'S-three', actor: 'party-2', row: {} });
    await aKnownListing('m:party', 'S-one');
    await sealedCase(db, { listing: 'm:party', seller: 'S-one' });
    expect(await removed('S-one', 'S-two', 'S-three')).toEqual([
      ['S-one', 'm:party'],
      ['S-two', 'm:party'],
    ]);
  });

  it('is nothing that only waits, was dismissed, or is not taken down yet', async () => {
    await aKnownListing('m:early', 'S-early');
    const id = await open(db, { listing: 'm:early', seller: 'S-early' });
    expect(await removed('S-early')).toEqual([]);
    await accept(db, id, 'early', verdict('counterfeit'));
    await move(db, id);
    expect(await removed('S-early')).toEqual([]);
    await settle(db, id);
    expect(await removed('S-early')).toEqual([['S-early', 'm:early']]);
    await aKnownListing('m:dismissed', 'S-dismissed');
    const other = await open(db, { listing: 'm:dismissed', seller: 'S-dismissed' });
    await accept(db, other, 'dismissed', verdict('genuine'));
    await move(db, other);
    expect(await removed('S-dismissed')).toEqual([]);
  });

  it('is nothing that was removed provisionally and nobody confirmed', async () => {
    await aKnownListing('m:silent', 'S-silent');
    const id = await open(db, { listing: 'm:silent', seller: 'S-silent', riskClass: 'high' });
    db.clock.pass(10 * 86_400_000);
    await move(db, id);
    await settle(db, id);
    expect(await em().count(GroundRow, { case: id })).toBe(1);
    expect(await removed('S-silent')).toEqual([]);
  });

  it('stays removed while it is contested, at the instant at which it was removed', async () => {
    await aKnownListing('m:contested', 'S-1');
    const id = await sealedCase(db, { listing: 'm:contested', seller: 'S-1' });
    const at = db.clock.now();
    db.clock.pass(3_600_000);
    await accept(db, id, 'contest', { kind: 'fileCounterNotice' }, SELLER, { statement: 'I have the invoice.' });
    await move(db, id);
    expect(await answerTo(db, 'contest')).toMatchObject({ kind: 'done' });
    expect(await removedOf(em(), ['S-1'], LONG_AGO)).toMatchObject([{ case: id, removedAt: at }]);
  });

  it('is forgotten as soon as it is overturned, before it is put back', async () => {
    await aKnownListing('m:overturned', 'S-overturned');
    const id = await sealedCase(db, { listing: 'm:overturned', seller: 'S-overturned' });
    expect(await removed('S-overturned')).toHaveLength(1);
    db.clock.pass(60_000);
    await accept(db, id, 'correction', verdict('genuine'), reviewer('org-a'));
    await move(db, id);
    expect(await answerTo(db, 'correction')).toMatchObject({ kind: 'done' });
    expect(await removed('S-overturned')).toEqual([]);
  });

  it('is compared in the words that were judged, also when the seller edits the listing afterwards', async () => {
    await aKnownListing('m:edited', 'S-edited');
    await sealedCase(db, { listing: 'm:edited', seller: 'S-edited' });
    await em().nativeUpdate(ListingRow, { id: 'm:edited' }, { version: 'b'.repeat(64), row: { title: 'Garden chair', images: [] } });
    expect(await removedOf(em(), ['S-edited'], LONG_AGO)).toMatchObject([{ title: 'Title of m:edited' }]);
  });

  it('is not compared where the register never held what was judged', async () => {
    await aKnownListing('m:unheld', 'S-unheld', { version: 'c'.repeat(64) });
    await sealedCase(db, { listing: 'm:unheld', seller: 'S-unheld' });
    await sealedCase(db, { listing: 'm:unknown', seller: 'S-unheld' });
    expect(await removed('S-unheld')).toEqual([]);
  });

  it('comes newest first', async () => {
    for (const listing of ['m:many-0', 'm:many-1', 'm:many-2']) {
      await aKnownListing(listing, 'S-many');
      await sealedCase(db, { listing, seller: 'S-many' });
      db.clock.pass(1_000);
    }
    expect(await removed('S-many')).toEqual([
      ['S-many', 'm:many-2'],
      ['S-many', 'm:many-1'],
      ['S-many', 'm:many-0'],
    ]);
  });
});
