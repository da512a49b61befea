import type { Outcome } from '../aggregate.ts';
import type { AppealKind, CaseReference } from '../appeal/model.ts';
import { AppealKind as Kind } from '../appeal/model.ts';
import type { AggregateId } from '../ids.ts';
import type { Instant } from '../instant.ts';
import type { PolicyValues } from '../policy/policy.ts';
import { refuse } from '../refusals.ts';
import { isSameAnswer } from './answers.ts';
import { pointsOf } from './handler.ts';
import type { CaseCommand, CaseState } from './model.ts';
import { CaseStatus } from './model.ts';

/**
 * What a message to a sealed case comes to: it is refused, or it opens an appeal of a kind. The sealed chain is not
 * touched either way. Whether the sender may act is asked again by the appeal's own first decision.
 */
export function afterSeal(
  state: CaseState,
  command: CaseCommand,
  policy: PolicyValues,
  contestUntil: Instant,
): Exclude<Outcome<never>, { events: unknown }> | { readonly opens: AppealKind } {
  switch (command.kind) {
    case 'recordVerdict': {
      if (state.status === CaseStatus.cancelled) return refuse('is-final');
      const allowed = policy.reasonCodes[command.reasonCode];
      if (allowed === undefined || !allowed.includes(command.verdict)) return refuse('reason-code-unknown');
      if (isSameAnswer(state.answer, command)) return refuse('already-answered');
      // After a lapse or a dismissal the verdict is kept and offered as a prefilled notice (design.md section 3).
      return { opens: state.status === CaseStatus.actioned ? Kind.correction : Kind.lateVerdict };
    }
    case 'fileCounterStatement':
      if (state.status !== CaseStatus.actioned) return refuse('nothing-to-contest');
      return command.at > contestUntil ? refuse('contest-too-late') : { opens: Kind.counterStatement };
    case 'identifySeller':
      if (state.seller !== undefined) return refuse('seller-known');
      return state.status === CaseStatus.actioned ? { opens: Kind.sellerKnown } : refuse('is-final');
    default:
      return refuse('is-final');
  }
}

/** What an appeal takes over from the sealed case. */
export function caseReference(id: AggregateId, root: string, state: CaseState, policy: PolicyValues): CaseReference {
  const { marketplace, listing, holder, versions, rights, seller, calendar, status, answer } = state;
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
    sealedAt: state.sealedAt ?? ('' as Instant),
    was: status,
    points: answer === undefined ? 0 : pointsOf(answer, rights, policy),
    ...(seller !== undefined && { seller }),
    ...(answer !== undefined && { answer: answerIn(answer) }),
  };
}

function answerIn(answer: NonNullable<CaseState['answer']>): NonNullable<CaseReference['answer']> {
  const { verdict, reasonCode, basis, perRight } = answer;
  return { verdict, reasonCode, basis, ...(perRight !== undefined && { perRight }) };
}
