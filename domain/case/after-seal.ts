import type { Outcome } from '../aggregate.ts';
import type { AppealCommand, AppealKind, AppealState, CaseReference } from '../appeal/model.ts';
import { AppealStatus, AppealKind as Kind } from '../appeal/model.ts';
import type { AggregateId } from '../ids.ts';
import type { Instant } from '../instant.ts';
import type { PolicyValues } from '../policy/policy.ts';
import { refuse } from '../refusals.ts';
import type { Salted } from '../salted.ts';
import { justifiesAction, isSameVerdict, pointsOf, stands } from './answer.ts';
import { isInTime } from './contest.ts';
import type { VerdictDetails, CaseCommand, CaseState } from './model.ts';
import { CaseStatus } from './model.ts';

/**
 * What a message to a sealed case comes to: it is refused, or it opens an appeal of a kind. The sealed chain is not
 * touched either way. Whether the sender may act is asked again by the appeal's own first decision.
 */
export function afterSeal(
  state: CaseState,
  command: CaseCommand,
  policy: PolicyValues,
  now: AfterAppeals,
  contestUntil: Instant,
): Exclude<Outcome<never>, { events: unknown }> | { readonly opens: AppealKind } {
  switch (command.kind) {
    case 'recordVerdict': {
      if (state.status === CaseStatus.cancelled) return refuse('is-final');
      const allowed = policy.reasonCodes[command.reasonCode];
      if (allowed === undefined || !allowed.includes(command.verdict)) return refuse('reason-code-unknown');
      if (Object.keys(command.perRight ?? {}).some((right) => !state.rights.includes(right))) return refuse('right-not-in-case');
      if (isSameVerdict(now.answer, command)) return refuse('already-answered');
      if (command.asFirst === true && stands(now.answer)) return refuse('answered-meanwhile');
      // After a lapse or a dismissal the verdict is kept and offered as a prefilled notice (design.md section 3).
      return { opens: now.isRestricted ? Kind.correction : Kind.lateVerdict };
    }
    case 'fileCounterNotice':
      if (!now.isRestricted) return refuse('nothing-to-contest');
      if (now.isContested || now.rounds >= policy.appeals.counterStatementRounds) return refuse('contested-already');
      return isInTime(command.at, contestUntil) ? { opens: Kind.counterNotice } : refuse('contest-too-late');
    case 'recountInstants':
      // Held points are dated when their contest is decided; then the calendar is known.
      return command.points === undefined || !now.isRestricted || now.isContested ? refuse('nothing-provisional') : { opens: Kind.calendarKnown };
    case 'identifySeller':
      if (now.seller !== undefined) return refuse('seller-known');
      return now.isRestricted ? { opens: Kind.sellerKnown } : refuse('is-final');
    default:
      return refuse('is-final');
  }
}

/** How a sealed case stands once its closed appeals are counted in: which answer holds, and since when the seller is restricted. */
export interface AfterAppeals {
  readonly answer?: VerdictDetails;
  readonly isRestricted: boolean;
  readonly since: Instant;
  /** Known since the opening, or made known by an appeal. */
  readonly seller?: Salted;
  /** A counter-notice waits for its decision. */
  readonly isContested: boolean;
  /** What the rights holder said last, whether or not anything came of it. */
  readonly latest?: VerdictDetails;
  /** An appeal is acting on the listing. */
  readonly isActing: boolean;
  /** Counter-notices that were decided against the seller. */
  readonly rounds: number;
}

/** Applies the appeals of a sealed case, oldest first. A decided appeal counts even while its effect is still under way. */
export function afterAppeals(
  state: CaseState,
  appeals: readonly { readonly state: AppealState; readonly at: Instant }[],
  policy: PolicyValues,
): AfterAppeals {
  const start: AfterAppeals = {
    isRestricted: state.status === CaseStatus.actioned,
    since: state.sealedAt ?? ('' as Instant),
    isContested: false,
    isActing: false,
    rounds: 0,
    ...(state.seller !== undefined && { seller: state.seller }),
    ...(state.answer !== undefined && { answer: answerIn(state.answer) }),
  };
  return appeals.reduce<AfterAppeals>((now, appeal) => withAppeal(saidBy(now, appeal.state), appeal.state, appeal.at, state.rights, policy), start);
}

const ACTING: readonly AppealStatus[] = [AppealStatus.takingDown, AppealStatus.puttingBack];

function saidBy(now: AfterAppeals, { status, answer }: AppealState): AfterAppeals {
  return { ...now, isActing: now.isActing || ACTING.includes(status), ...(answer !== undefined && { latest: answer }) };
}

const DECIDED: readonly AppealStatus[] = [AppealStatus.applied, AppealStatus.overturned, AppealStatus.puttingBack];

function withAppeal(now: AfterAppeals, appeal: AppealState, at: Instant, rights: readonly string[], policy: PolicyValues): AfterAppeals {
  const isDecided = DECIDED.includes(appeal.status);
  switch (appeal.kind) {
    case Kind.counterNotice:
      if (appeal.status === AppealStatus.inReview) return { ...now, isContested: true };
      if (appeal.status === AppealStatus.upheld) return { ...now, rounds: now.rounds + 1 };
      return isDecided ? { ...now, isRestricted: false } : now;
    case Kind.sellerKnown:
      return isDecided && appeal.seller !== undefined ? { ...now, seller: appeal.seller } : now;
    case Kind.correction:
    case Kind.lateVerdict: {
      if (!isDecided || appeal.answer === undefined) return now;
      const isRestricted = justifiesAction(appeal.answer, rights, policy);
      return { ...now, answer: appeal.answer, isRestricted, since: isRestricted && !now.isRestricted ? at : now.since };
    }
    default:
      return now;
  }
}

/** What an appeal takes over from the sealed case, as its appeals have left it. */
export function caseReference(id: AggregateId, root: string, state: CaseState, now: AfterAppeals, policy: PolicyValues): CaseReference {
  const { marketplace, listing, holder, versions, rights, calendar, status } = state;
  const { answer, seller } = now;
  return {
    case: id,
    root,
    marketplace,
    listing,
    holder,
    versions,
    rights,
    calendar,
    policy: state.policy ?? '',
    sealedAt: now.since,
    was: status,
    points: answer === undefined ? 0 : pointsOf(answer, rights, policy),
    ...(seller !== undefined && { seller }),
    ...(answer !== undefined && { answer }),
  };
}

/** The command that opens the appeal to which a message to the sealed case leads, with its sender, instant and content. */
export function appealOpening(message: CaseCommand, appeal: AppealKind, of: CaseReference): AppealCommand {
  const { id, at, by } = message;
  const opening = { id, at, by, kind: 'openAppeal' as const, appeal, of };
  switch (message.kind) {
    case 'recordVerdict':
      return { ...opening, answer: answerIn(message) };
    case 'fileCounterNotice':
      return { ...opening, statement: message.statement };
    case 'recountInstants':
      return { ...opening, ...(message.points !== undefined && { points: message.points }) };
    case 'identifySeller':
      return { ...opening, seller: message.seller };
    default:
      return opening;
  }
}

/** An answer without its exhibit, which belongs to the case. */
function answerIn(answer: VerdictDetails): VerdictDetails {
  const { verdict, reasonCode, basis, perRight } = answer;
  return { verdict, reasonCode, basis, ...(perRight !== undefined && { perRight }) };
}
