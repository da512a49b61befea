import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Capacity } from '../../domain/aggregate.ts';
import { redecide, verifyChain } from '../../domain/verify-decisions.ts';
import { DecisionRow, InboxRow, SealRow } from '../../store/schema/entities/log.ts';
import { OrganisationRow, PersonRow, PolicyRow } from '../../store/schema/entities/register.ts';
import { DisclosureRow, GroundRow, LedgerRow } from '../../store/schema/entities/projections.ts';
import { acceptMessage } from '../../store/log/inbox.ts';
import { advance } from '../../store/log/advance.ts';
import { type Opening, openCases, salt } from '../../store/log/open-cases.ts';
import { type Manager, work } from '../../store/connection/orm.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

let db: TestDatabase;
const em = () => work(db.store) as Manager;

const OPENING: Opening = {
  origin: 'detection',
  marketplace: 'm',
  market: 'DE',
  listing: 'm:1',
  version: 'a'.repeat(64),
  holder: 'org-a',
  rights: ['R1'],
  seller: 'S-1',
  riskClass: 'standard',
  findings: [{ detector: 'mark-use', version: 1, score: 0.9, reasons: ['the title uses the mark'] }],
  capture: { digest: 'sha256:00' },
  calendar: { country: 'DE', zone: 'Europe/Berlin', hours: '09:00-18:00' },
};

async function verdict(id: string, messageId: string, verdict: string, reasonCode: string) {
  const who = salt('reviewer-a');
  await em().transactional((tx) =>
    acceptMessage(tx as Manager, db.clock, {
      id: messageId,
      aggregate: id,
      sender: 'org-a',
      fingerprint: messageId,
      disclosures: [who.disclosure],
      content: {
        by: { capacity: Capacity.rightsHolder, organisation: 'org-a', person: who.salted },
        kind: 'recordVerdict',
        verdict,
        reasonCode,
        basis: 'image',
      },
    }),
  );
}

beforeAll(async () => {
  db = await testDatabase();
  await em().insert(OrganisationRow, { id: 'org-a', name: 'A', kind: 'rights-holder' });
  await em().insert(PersonRow, { id: 'reviewer-a', name: 'R', role: 'brand-reviewer', organisations: ['org-a'], duty: [] });
});
afterAll(() => db?.close());

describe('the log', () => {
  it('takes a case from detection to the seal and can be decided again offline', async () => {
    const [opened] = await openCases(db.context, [OPENING]);
    if (opened === undefined) throw new Error('nothing opened');
    db.clock.pass(60_000);
    await verdict(opened.id, 'v1', 'counterfeit', 'packaging');
    const asked = await advance(db.context, { id: opened.id, n: 1 });
    expect(asked.standing).toMatchObject({ n: 2, owes: [{ kind: 'takedown', key: 'takedown:v1', try: 1 }] });
    expect(await em().count(GroundRow, { listing: 'm:1' })).toBe(1);
    db.clock.pass(1_000);
    const result = { kind: 'removed', at: db.clock.now(), version: OPENING.version, orders: 3 } as const;
    const done = await advance(db.context, { id: opened.id, n: 2, outcomes: [{ key: 'takedown:v1', try: 1, result }] });
    expect(done.standing).toEqual({ n: 3, owes: [], final: true });
    const again = await advance(db.context, { id: opened.id, n: 2, outcomes: [{ key: 'takedown:v1', try: 1, result }] });
    expect(again.standing).toEqual(done.standing);
    const rows = await em().find(DecisionRow, { aggregate: opened.id }, { orderBy: { n: 'asc' } });
    const stored = rows.map((row) => ({ decision: row.envelope, hash: row.hash }));
    expect(rows.map((row) => ('events' in row.envelope.outcome ? row.envelope.outcome.events.map((event) => event.type) : 'refused'))).toEqual([
      ['CaseOpened', 'CaptureRecorded', 'ConfirmationAsked'],
      ['VerdictGiven', 'TakedownOrdered'],
      ['ListingRemoved', 'LedgerEntered', 'CaseSealed'],
    ]);
    const policies = Object.fromEntries((await em().find(PolicyRow, {})).map((row) => [row.digest, row.document]));
    expect(verifyChain(stored).every((check) => check.ok)).toBe(true);
    expect(redecide(stored, policies).filter((check) => !check.ok)).toEqual([]);
    expect(await em().find(LedgerRow, {})).toMatchObject([{ seller: 'S-1', listing: 'm:1', holder: 'org-a', points: 24 }]);
    expect(await em().count(SealRow, { aggregate: opened.id })).toBe(1);
    expect(JSON.stringify(stored)).not.toMatch(/S-1|reviewer-a/);
    expect(await em().count(DisclosureRow, {})).toBeGreaterThan(1);
  });

  it('opens a correction after the seal on a chain of its own', async () => {
    const [known] = await openCases(db.context, [OPENING]);
    if (known === undefined) throw new Error('nothing opened');
    expect(known.as).toBe('known');
    db.clock.pass(60_000);
    await verdict(known.id, 'v2', 'genuine', 'checked');
    await advance(db.context, { id: known.id, n: 3 });
    const row = await em().findOneOrFail(InboxRow, { id: 'v2' });
    expect(row.answer).toMatchObject({ kind: 'done', events: ['AppealOpened', 'LedgerVoided', 'PutBackOrdered'] });
    expect(await em().count(DecisionRow, { aggregate: known.id })).toBe(3);
    expect(await em().find(LedgerRow, {})).toMatchObject([{ voidedBy: expect.stringMatching(/^appeal:/) }]);
    expect(await em().count(GroundRow, { listing: 'm:1' })).toBe(0);
  });
});
