import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CapturePorts } from '../../activities/capture.ts';
import { Capacity } from '../../domain/aggregate.ts';
import type { AggregateId } from '../../domain/ids.ts';
import { INTAKE } from '../../store/log/inbox.ts';
import { type Manager, work } from '../../store/connection/orm.ts';
import { DecisionRow } from '../../store/schema/entities/log.ts';
import { PersonRow } from '../../store/schema/entities/register.ts';
import { importFile } from '../../store/register/imports/import-file.ts';
import type { RegisterKind } from '../../store/register/imports/write.ts';
import { intake } from '../../worker/intake.ts';
import { accept, answerTo, type Sending, writePeople } from '../store/support.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

let db: TestDatabase;
let served = 0;
const em = () => work(db.store) as Manager;

/** A marketplace that counts how often it is asked, and has nothing on sale. */
const ports: CapturePorts = {
  marketplace: {
    serve: () => {
      served += 1;
      return Promise.resolve(undefined);
    },
  },
  vault: { put: () => Promise.reject(new Error('nothing is captured here')) },
} as unknown as CapturePorts;

async function load(kind: RegisterKind, ...rows: readonly object[]): Promise<void> {
  async function* source(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  }
  expect(await importFile(db.store, db.clock, kind, source())).toMatchObject({ wrong: 0 });
}

beforeAll(async () => {
  db = await testDatabase();
  await writePeople(db);
  const past = '2020-01-01T00:00:00.000Z';
  await em().insert(PersonRow, { id: 'gone', name: 'G', role: 'governance-officer', organisations: [], duty: [], revokedAt: past });
  await em().insert(PersonRow, { id: 'gone-liaison', name: 'L', role: 'authority-liaison', organisations: [], duty: [], revokedAt: past });
  await load('listings', { listing_id: 'm:1', market: 'DE', title: 'Lumora watch', seller_id: 'S-1' });
  await load('organisations', { id: 'org-lumora', name: 'Lumora AG', kind: 'rights-holder' });
  await load('rights', {
    ...{ right_id: 'R', jurisdiction: 'DE', right_type: 'trademark', status: 'Live / Registered', mark_text: 'Lumora' },
    ...{ owner: 'Lumora AG', observed_at: db.clock.now().slice(0, 7) },
  });
});
beforeEach(() => {
  served = 0;
});
afterAll(() => db?.close());

let count = 0;
async function opened(from: Sending, content: object): Promise<{ readonly code: string; readonly aggregate?: string | undefined }> {
  count += 1;
  const id = `open-${count}`;
  await accept(db, INTAKE as AggregateId, id, { ...content }, from, { seller: 'S-1' });
  await intake({ ...ports, log: db.context }, id);
  const answer = await answerTo(db, id);
  if (answer?.kind === 'fault') throw new Error(answer.message);
  return { code: answer?.kind === 'refused' ? answer.code : `${answer?.kind}`, aggregate: answer?.aggregate };
}

const CASE = { kind: 'openCase', listing: 'm:1', holder: 'org-lumora' };
const REFERRAL = { kind: 'openReferral', recipient: 'police' };

describe('what is opened by hand', () => {
  it.each([
    ['a case by a reviewer', CASE, { capacity: Capacity.rightsHolder, person: 'reviewer:org-a' }, 'wrong-capacity'],
    ['a case by an auditor', CASE, { capacity: Capacity.auditor, person: 'officer' }, 'wrong-capacity'],
    ['a case in the name of a detector', CASE, { capacity: Capacity.detector, person: 'officer' }, 'wrong-capacity'],
    ['a case by somebody who is no officer', CASE, { capacity: Capacity.governance, person: 'reviewer:org-a' }, 'no-mandate'],
    ['a case by somebody who is not known', CASE, { capacity: Capacity.governance, person: 'nobody' }, 'no-mandate'],
    ['a case by an officer whose mandate has ended', CASE, { capacity: Capacity.governance, person: 'gone' }, 'mandate-revoked'],
    [
      'a case that nobody could open, by somebody who is no officer',
      { ...CASE, listing: 'm:9' },
      { capacity: Capacity.governance, person: 'nobody' },
      'no-mandate',
    ],
    ['a referral in the name of the engine', REFERRAL, { capacity: Capacity.engine, person: 'officer' }, 'wrong-capacity'],
    ['a referral by a seller', REFERRAL, { capacity: Capacity.seller, person: 'S-1' }, 'wrong-capacity'],
    ['a referral by somebody who is no liaison', REFERRAL, { capacity: Capacity.liaison, person: 'reviewer:org-a' }, 'no-mandate'],
    ['a referral by a liaison whose mandate has ended', REFERRAL, { capacity: Capacity.liaison, person: 'gone-liaison' }, 'mandate-revoked'],
  ] as const)('%s is refused, and the marketplace is not asked', async (_, content, from, code) => {
    expect(await opened(from, content)).toEqual({ code, aggregate: undefined });
    expect(served).toBe(0);
  });

  it('is opened by an officer, and the mandate is on record', async () => {
    const { code, aggregate } = await opened({ capacity: Capacity.governance, person: 'officer' }, CASE);
    expect([code, served]).toEqual(['done', 1]);
    const first = await em().findOneOrFail(DecisionRow, { aggregate: `${aggregate}`, n: 1 });
    expect(first.envelope.facts).toMatchObject({ mandate: 'valid' });
  });
});
