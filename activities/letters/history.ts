import type { Event } from '../../domain/aggregate.ts';
import type { AppealEvent, AppealState } from '../../domain/appeal/model.ts';
import { appealRules } from '../../domain/appeal/rules.ts';
import type { CaseEvent, CaseState } from '../../domain/case/model.ts';
import { caseRules } from '../../domain/case/rules.ts';
import type { PolicyValues } from '../../domain/policy/policy.ts';
import type { ReferralEvent, ReferralState } from '../../domain/referral/model.ts';
import { referralRules } from '../../domain/referral/rules.ts';
import type { SanctionEvent, SanctionState } from '../../domain/sanction/model.ts';
import { sanctionRules } from '../../domain/sanction/rules.ts';
import type { LetterRow } from '../../store/schema/entities/letters.ts';
import { DecisionRow } from '../../store/schema/entities/log.ts';
import type { Manager } from '../../store/connection/orm.ts';

/** How a case came to be and how it stood right after a decision. */
export interface CaseAt {
  readonly opened: Extract<CaseEvent, { type: 'CaseOpened' }>;
  readonly state: CaseState;
}

/** The case right after decision `n` (absent: as it stands): a letter says what was true when it was decided to be sent. */
export async function caseAt(em: Manager, id: string, n?: number): Promise<CaseAt> {
  // What the log holds under a case's id was written by the rules of a case.
  const events = (await eventsOf(em, id, n)) as readonly CaseEvent[];
  const opened = events.find((event) => event.type === 'CaseOpened');
  if (opened === undefined) throw new Error(`the log holds no opening of ${id}`);
  return { opened, state: events.reduce(caseRules.evolve, caseRules.initial) };
}

/** How an appeal stood right after decision `n`, and how it got there. */
export interface AppealAt {
  readonly state: AppealState;
  /** Whether the rights holder filed the notice that it had been offered. */
  readonly isNotice: boolean;
}

/** The appeal right after decision `n`. */
export async function appealAt(em: Manager, id: string, n: number): Promise<AppealAt> {
  // What the log holds under an appeal's id was written by the rules of an appeal.
  const events = (await eventsOf(em, id, n)) as readonly AppealEvent[];
  return { state: events.reduce(appealRules.evolve, appealRules.initial), isNotice: events.some((event) => event.type === 'NoticeFiled') };
}

/** The sanction right after decision `n`. */
export async function sanctionAt(em: Manager, id: string, n: number): Promise<SanctionState> {
  // What the log holds under a sanction's id was written by the rules of a sanction.
  const events = (await eventsOf(em, id, n)) as readonly SanctionEvent[];
  return events.reduce(sanctionRules.evolve, sanctionRules.initial);
}

/** The referral right after decision `n`. */
export async function referralAt(em: Manager, id: string, n: number): Promise<ReferralState> {
  // What the log holds under a referral's id was written by the rules of a referral.
  const events = (await eventsOf(em, id, n)) as readonly ReferralEvent[];
  return events.reduce(referralRules.evolve, referralRules.initial);
}

/** What a letter rests on, read from the log. */
export interface Particulars {
  readonly row: LetterRow;
  readonly of: CaseAt;
  readonly caseId: string;
  readonly appeal?: AppealAt;
  readonly policy: PolicyValues;
}

/** What detectors found, in their words; each sentence once. */
export function findingsOf({ opened }: CaseAt): readonly string[] {
  return [...new Set(opened.findings.flatMap((finding) => finding.reasons))];
}

async function eventsOf(em: Manager, aggregate: string, n: number | undefined): Promise<readonly Event[]> {
  const rows = await em.find(DecisionRow, { aggregate, ...(n !== undefined && { n: { $lte: n } }) }, { orderBy: { n: 'asc' } });
  return rows.flatMap(({ envelope: { outcome } }) => ('events' in outcome ? outcome.events : []));
}
