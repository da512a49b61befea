import { Capacity } from '../../domain/aggregate.ts';
import { sha256Hex } from '../../domain/canonical.ts';
import { decisionHash, FIRST_PREV } from '../../domain/decision.ts';
import { type ChainRecord, type HistoryFile, historyText } from '../../domain/history-file.ts';
import type { AggregateId } from '../../domain/ids.ts';
import { instant } from '../../domain/instant.ts';
import { AggregateRow, InboxRow } from '../../store/schema/entities/log.ts';
import { OrganisationRow, PersonRow } from '../../store/schema/entities/register.ts';
import { readHistory } from '../../store/queries/export.ts';
import { acceptMessage } from '../../store/log/inbox.ts';
import { advance } from '../../store/log/advance.ts';
import { type Opening, openCases, salt } from '../../store/log/open-cases.ts';
import { type Manager, work } from '../../store/connection/orm.ts';
import { type Audit, auditHistory } from '../../verifier/audit.ts';
import { nodeRulebook } from '../../verifier/entry/node-rulebook.ts';
import { parseHistory } from '../../verifier/parse-history.ts';
import type { TestDatabase } from '../support/database.ts';

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
  capture: { digest: `sha256:${'c'.repeat(64)}` },
  calendar: { country: 'DE', zone: 'Europe/Berlin', hours: '09:00-18:00' },
};

const DAY = 24 * 3_600_000;

/**
 * A case through the real log: opened, escalated, a refused answer, the verdict, a failed takedown, its retry, removed and sealed (7 decisions);
 * then a correction as a sealed appeal (2 decisions).
 */
export async function aSealedCase(db: TestDatabase): Promise<{ id: AggregateId; appeal: AggregateId }> {
  const em = () => work(db.store) as Manager;
  await em().insert(OrganisationRow, { id: 'org-a', name: 'A', kind: 'rights-holder' });
  await em().insert(PersonRow, { id: 'reviewer-a', name: 'R', role: 'brand-reviewer', organisations: ['org-a'], duty: [] });
  const [opened] = await openCases(db.context, [OPENING]);
  if (opened === undefined) throw new Error('nothing opened');
  const { id } = opened;
  // After the escalation (20 working hours over a weekend and a public holiday) and before the lapse.
  db.clock.moveTo(instant('2025-10-06T12:00:00Z'));
  await answer(db, id, 'v1', 'counterfeit', 'no-such-code');
  await answer(db, id, 'v2', 'counterfeit', 'packaging');
  await advance(db.context, { id, n: 1 });
  db.clock.pass(1_000);
  await advance(db.context, { id, n: 4, outcomes: [{ key: 'takedown:v2', try: 1, result: { kind: 'failed', reason: 'the marketplace was away' } }] });
  db.clock.pass(3_600_000);
  await advance(db.context, { id, n: 5 });
  const removed = { kind: 'removed', at: db.clock.now(), version: OPENING.version, orders: 3 } as const;
  await advance(db.context, { id, n: 6, outcomes: [{ key: 'takedown:v2', try: 2, result: removed }] });
  db.clock.pass(DAY);
  await answer(db, id, 'v3', 'genuine', 'checked');
  await advance(db.context, { id, n: 7 });
  const row = await em().findOneOrFail(AggregateRow, { about: id });
  const appeal = row.id as AggregateId;
  await advance(db.context, { id: appeal, n: 1, outcomes: [{ key: 'put-back:v3', try: 1, result: { kind: 'restored' } }] });
  const unread = await em().count(InboxRow, { answer: null });
  if (unread > 0) throw new Error(`${unread} messages are unread`);
  return { id, appeal };
}

async function answer(db: TestDatabase, aggregate: string, id: string, verdict: string, reasonCode: string): Promise<void> {
  const who = salt('reviewer-a');
  const by = { capacity: Capacity.rightsHolder, organisation: 'org-a', person: who.salted };
  const content = { by, kind: 'recordVerdict', verdict, reasonCode, basis: 'image' };
  await work(db.store).transactional((tx) =>
    acceptMessage(tx as Manager, db.clock, { id, aggregate, sender: 'org-a', fingerprint: id, disclosures: [who.disclosure], content }),
  );
}

/** The exported file of an aggregate, without workflow histories. */
export async function exported(db: TestDatabase, id: AggregateId): Promise<HistoryFile> {
  const stored = await readHistory(work(db.store) as Manager, id, { exportedAt: db.clock.now() });
  if (stored === undefined) throw new Error(`there is no ${id}`);
  return parseHistory(historyText({ ...stored, flow: null, noFlow: ['no Temporal in this test'] }));
}

/** A JSON value that tests change at will. */
// biome-ignore lint/suspicious/noExplicitAny: what an attacker edits has no type
export type Loose = any;

/** A copy of a file with something changed. */
export function changed(file: HistoryFile, change: (copy: Loose) => void): HistoryFile {
  const copy: Loose = structuredClone(file);
  change(copy);
  return copy;
}

/** What an attacker does who knows the format: numbers and hashes are made anew; the seal stays what it was. */
export function rehashed(file: HistoryFile): HistoryFile {
  return changed(file, (copy) => [copy, ...copy.appeals].forEach(rehash));
}

/** The attacker rewrites the seals and the appeals' roots too: the file is consistent with itself. */
export function resealed(file: HistoryFile): HistoryFile {
  return changed(file, (copy) => {
    rehash(copy);
    const last = copy.decisions.at(-1);
    copy.seal.root = last.hash;
    copy.seal.at = last.decision.at;
    for (const appeal of copy.appeals) {
      const first = appeal.decisions[0]?.decision;
      first.command.of.root = last.hash;
      first.command.of.sealedAt = last.decision.at;
      for (const event of first.outcome.events) if (event.of !== undefined) event.of = first.command.of;
      rehash(appeal);
      appeal.seal.root = appeal.decisions.at(-1).hash;
    }
  });
}

function rehash(chain: Loose): void {
  let prev: string = FIRST_PREV;
  chain.decisions.forEach((stored: Loose, index: number) => {
    stored.decision.n = index + 1;
    stored.decision.prev = prev;
    stored.hash = prev = decisionHash(stored.decision);
  });
}

/** The file as text, read again where files come in and audited with this checkout's rules, others in the interpreter. */
export async function audited(file: HistoryFile, root?: string): Promise<Audit> {
  return auditHistory(parseHistory(historyText(file)), await nodeRulebook({ unknownRules: true }), { root });
}

/** The event types of each decision. */
export function story(chain: ChainRecord): readonly string[] {
  return chain.decisions.map(({ decision: { outcome } }) =>
    'events' in outcome ? outcome.events.map((event) => event.type).join('+') : outcome.refused.code,
  );
}

/** A file whose recorded rules are this text, consistent with itself. */
export function withRules(file: HistoryFile, rules: string): HistoryFile {
  const [was = ''] = Object.keys(file.rules);
  const digest = sha256Hex(rules);
  const made = resealed(
    changed(file, (copy: Loose) => {
      Object.assign(copy, JSON.parse(JSON.stringify(copy).replaceAll(was, digest)));
      copy.rules = { [digest]: rules };
    }),
  );
  return parseHistory(historyText(made));
}
