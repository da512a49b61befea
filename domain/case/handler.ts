import type { Capacity, Cause, Facts, Outcome, Questions } from '../aggregate.ts';
import type { Instant } from '../instant.ts';
import { ledgerEntry } from '../ledger/ledger.ts';
import type { PolicyValues } from '../policy/policy.ts';
import type { RefusalCode } from '../refusals.ts';
import { refuse } from '../refusals.ts';
import type { VerdictDetails, CaseCommand, CaseEvent, CaseState, Verdict } from './model.ts';
import { CaseStatus } from './model.ts';

export type CommandKind = CaseCommand['kind'];
export type CommandOf<K extends CommandKind> = Extract<CaseCommand, { kind: K }>;
export type CaseOutcome = Outcome<CaseEvent>;

/** One command of the decide table: who may give it, in which statuses, what it asks to know, and what follows. */
export interface Handler<K extends CommandKind> {
  readonly by: readonly Capacity[];
  readonly in: readonly CaseStatus[];
  readonly mandate: boolean;
  questions(state: CaseState, command: CommandOf<K>, policy: PolicyValues): Questions;
  decide(state: CaseState, command: CommandOf<K>, facts: Facts): CaseOutcome;
}

/** Every status in which a case is open. */
export const OPEN: readonly CaseStatus[] = [
  CaseStatus.awaiting,
  CaseStatus.moreAsked,
  CaseStatus.takingDown,
  CaseStatus.recapturing,
  CaseStatus.removedProvisionally,
  CaseStatus.puttingBack,
];

/** The events of a decision, or a refusal by code. */
export function decided(...events: readonly CaseEvent[]): CaseOutcome {
  return { events };
}
export const refused: (code: RefusalCode) => CaseOutcome = refuse;

/** Which command and which policy value led to an event. */
export function cause(command: CaseCommand, policy?: string): Cause {
  return { command: command.id, ...(policy !== undefined && { policy }) };
}

/** The verdicts an answer gives, one per right of the case. */
export function verdictsOf(answer: VerdictDetails, rights: readonly string[]): readonly Verdict[] {
  return rights.length === 0 ? [answer.verdict] : rights.map((right) => answer.perRight?.[right] ?? answer.verdict);
}

/** Whether an answer is a ground to act: it is for one right at least (policy `verdicts.*.acts`). */
export function acts(answer: VerdictDetails | undefined, rights: readonly string[], policy: PolicyValues): boolean {
  return answer !== undefined && verdictsOf(answer, rights).some((verdict) => policy.verdicts[verdict].acts);
}

/** The points of an answer: the heaviest of its acting verdicts, once. */
export function pointsOf(answer: VerdictDetails, rights: readonly string[], policy: PolicyValues): number {
  const acting = verdictsOf(answer, rights).filter((verdict) => policy.verdicts[verdict].acts);
  return Math.max(0, ...acting.map((verdict) => policy.verdicts[verdict].points));
}

/** Closing a case: nothing can be added to the chain afterwards. */
export function sealed(as: CaseStatus, at: Instant, because: Cause): CaseEvent {
  return { type: 'CaseSealed', as, at, cause: because };
}

/** The end of a case in which the brand did not see its rights infringed. */
export function dismissed(command: CaseCommand, verdict: Verdict | undefined): readonly CaseEvent[] {
  return [
    { type: 'CaseDismissed', ...(verdict !== undefined && { verdict }), cause: cause(command) },
    sealed(CaseStatus.dismissed, command.at, cause(command)),
  ];
}

/** The end of a case in which nobody could or would tell. The listing stays under watch. */
export function lapsed(command: CaseCommand, policy?: string): readonly CaseEvent[] {
  return [{ type: 'CaseLapsed', watch: true, cause: cause(command, policy) }, sealed(CaseStatus.lapsed, command.at, cause(command))];
}

/** The end of a case that has no ground to act: dismissed by its answer, or lapsed without a clear one. */
export function endedWithoutGround(answer: VerdictDetails | undefined, command: CaseCommand): readonly CaseEvent[] {
  return answer === undefined || answer.verdict === 'cannot-tell' ? lapsed(command) : dismissed(command, answer.verdict);
}

/** The end of a case that acted: the ledger row with its cause, and the seal. */
export function actioned(state: CaseState, answer: VerdictDetails, facts: Facts, command: CaseCommand): readonly CaseEvent[] {
  const because = cause(command, `verdicts.${answer.verdict}.points`);
  const points = pointsOf(answer, state.rights, facts.policy);
  return [
    ledgerEntry(state.seller, points, facts.ledger, state.statement !== undefined, facts, because),
    sealed(CaseStatus.actioned, command.at, cause(command)),
  ];
}

/** The ledger row that an actioned case will want to know of. */
export function ledgerOf(state: CaseState): Questions {
  return state.seller === undefined ? {} : { ledger: { seller: state.seller, listing: state.listing, holder: state.holder } };
}

/** The other grounds that keep the same listing down. */
export function groundsOf(state: CaseState): Questions {
  return { grounds: { marketplace: state.marketplace, listing: state.listing } };
}

/** Both sets of questions; instants are joined. */
export function and(...all: readonly Questions[]): Questions {
  const instants = all.flatMap((questions) => questions.instants ?? []);
  return { ...Object.assign({}, ...all), ...(instants.length > 0 && { instants }) };
}

/** Put the listing back, or withhold that because another ground keeps it down. `key` is fixed by the owing command. */
export function putBack(command: CaseCommand, facts: Facts, reason: string): CaseEvent {
  return facts.otherGrounds === true
    ? { type: 'PutBackWithheld', reason: 'other-ground', cause: cause(command) }
    : { type: 'PutBackOrdered', key: `put-back:${command.id}`, reason, cause: cause(command) };
}

/** Undo a takedown that has lost its ground: put back first, or end here because another ground keeps the listing down. */
export function undone(answer: VerdictDetails | undefined, command: CaseCommand, facts: Facts, reason: string): readonly CaseEvent[] {
  const back = putBack(command, facts, reason);
  return back.type === 'PutBackWithheld' ? [back, ...endedWithoutGround(answer, command)] : [back];
}

/** Take the listing down, on the brand's word or because another case's ground keeps it down. `key` is fixed by the owing command. */
export function takeDown(command: CaseCommand, ground: 'verdict' | 'other-ground', policy?: string): CaseEvent {
  return { type: 'TakedownOrdered', key: `takedown:${command.id}`, provisional: false, ground, cause: cause(command, policy) };
}
