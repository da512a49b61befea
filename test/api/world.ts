import { deflateSync } from 'node:zlib';
import { crc32 } from 'node:zlib';
import type { AggregateId } from '../../domain/ids.ts';
import { assess } from '../../store/log/assess-ledger.ts';
import { OutboxRow, OutboxState } from '../../store/schema/entities/outbox.ts';
import { ListingRow, ReferenceRow, RightRow } from '../../store/schema/entities/register.ts';
import { LedgerRow } from '../../store/schema/entities/projections.ts';
import { ASSESS_MESSAGE } from '../../store/outbox/messages.ts';
import { work } from '../../store/connection/orm.ts';
import { instant } from '../../domain/instant.ts';
import { accept, move, open, sealedCase, SELLER, verdict } from '../store/support.ts';
import { type TestApi, openReferral } from './support.ts';

const PRODUCTS = ['Cloudstride running shoes', 'Trailmate jacket', 'Harbour watch', 'Lumen desk lamp', 'Everfold backpack'];
/** What a hostile seller writes into every field it has. */
export const HOSTILE = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>';

/** What the journeys walk through: a queue, removed listings of one shop, a contested one, and a measure that waits for a second person. */
export interface World {
  readonly waiting: readonly AggregateId[];
  readonly sealed: readonly AggregateId[];
  readonly appeal: AggregateId;
  /** The shop's removed listings, on their way to an authority: the brand is asked. */
  readonly referral: AggregateId;
}

/** Writes the world, oldest first, and leaves the clock on a working morning. */
export async function writeWorld(api: TestApi, waiting: number): Promise<World> {
  const { db, deps } = api;
  const em = work(db.store);
  await em.insert(RightRow, {
    id: 'R1',
    organisation: 'org-a',
    jurisdiction: 'DE',
    row: {
      rightType: 'trademark',
      status: 'registered',
      markText: 'VELORIX',
      registrationNo: '30 2019 101',
      niceClasses: ['25'],
      owner: 'Brand org-a',
    },
  });
  await em.insert(ReferenceRow, {
    brand: 'Velorix',
    partNumber: 'VX-100',
    currency: 'EUR',
    row: { product: 'Cloudstride running shoes', price: { amount: 12_990, currency: 'EUR' }, images: ['https://brand.example/vx-100.png'] },
  });
  const capture = async (hue: number) => {
    const image = await deps.vault.put(new Uint8Array(pictureOf(hue)));
    const manifest = { version: 'a'.repeat(64), at: db.clock.now(), images: [{ url: `https://shop.example/${hue}.png`, digest: image }] };
    return deps.vault.put(new TextEncoder().encode(JSON.stringify(manifest)));
  };
  const listing = async (n: number, seller: string) => {
    const id = `m:${n}`;
    const title = n === 3 ? HOSTILE : `Velorix ${PRODUCTS[n % PRODUCTS.length]} no. ${n}`;
    const row = {
      title,
      brand: 'Velorix',
      description: n === 3 ? HOSTILE : 'Top quality, fast delivery. Original packaging on request.',
      category: 'Shoes > Running shoes',
      price: { amount: 3_990, currency: 'EUR' },
      images: ['/images/a.png'],
    };
    await em.insert(ListingRow, { id, marketplace: 'm', market: 'DE', seller, version: 'a'.repeat(64), row });
    return { listing: id, seller, capture: { digest: await capture((n * 47) % 256) } };
  };
  const sealed: AggregateId[] = [];
  for (let n = 901; n <= 904; n += 1) sealed.push(await sealedCase(db, await listing(n, 'S-1')));
  const [contested] = sealed;
  if (contested === undefined) throw new Error('nothing was sealed');
  await accept(db, contested, 'contest', { kind: 'fileCounterNotice' }, SELLER, {
    statement: 'I bought these from the brand; the invoice is attached.',
  });
  await assessAll({ db, deps } as TestApi);
  const appeal = await appealOf({ db } as TestApi, contested);
  const referral = await openReferral(api, 'S-1', 'police-de');
  const ids: AggregateId[] = [];
  for (let n = 1; n <= waiting; n += 1) ids.push(await open(db, { ...(await listing(n, n % 3 === 0 ? 'S-1' : 'S-2')), findings: findingsOf(n) }));
  db.clock.pass(45 * 60_000);
  return { waiting: ids, sealed, appeal, referral };
}

function findingsOf(n: number) {
  const first = { detector: 'mark-use', version: 1, score: 0.9, reasons: ['the title uses the mark VELORIX'] };
  return n % 2 === 0
    ? [first]
    : [first, { detector: 'price-gap', version: 2, score: 0.7, reasons: ['39.90 EUR is 31 % of the reference price 129.90 EUR'] }];
}

/** Past the days after which points count; each crossing is assessed as the dispatcher does. */
async function assessAll({ db }: TestApi): Promise<void> {
  const em = work(db.store);
  const rows = await em.find(LedgerRow, {});
  const last = rows
    .flatMap(({ countsFrom }) => (countsFrom == null ? [] : [countsFrom]))
    .sort()
    .at(-1);
  if (last !== undefined && last > db.clock.now()) db.clock.moveTo(instant(last));
  const letters = await em.find(OutboxRow, { kind: ASSESS_MESSAGE, state: OutboxState.waiting });
  for (const letter of letters.filter(({ dueAt }) => dueAt <= db.clock.now())) await assess(db.context, letter);
}

async function appealOf({ db }: TestApi, about: AggregateId): Promise<AggregateId> {
  await move(db, about);
  const [row] = await work(db.store).execute<{ id: AggregateId }[]>("select id from aggregate where kind = 'appeal' limit 1");
  if (row === undefined) throw new Error(`${about} has no appeal`);
  return row.id;
}

/** A brand answers by another tab. */
export async function answerElsewhere({ db }: TestApi, id: AggregateId): Promise<void> {
  await accept(db, id, `elsewhere:${id}`, verdict('genuine'));
  await move(db, id);
}

/** A small real picture: stripes of one hue. */
function pictureOf(hue: number): Buffer {
  const size = 96;
  const rows = Array.from({ length: size }, (_, y) =>
    Buffer.from([0, ...Array.from({ length: size }, (_, x) => [(hue + x) % 256, (x * y) % 200, (255 - hue + y) % 256]).flat()]),
  );
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    check.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, check]);
  };
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(Buffer.concat(rows))), chunk('IEND', Buffer.alloc(0))]);
}
