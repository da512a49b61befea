import type { Deadline, Facts, InstantQuestion, Questions } from '../aggregate.ts';
import { Capacity } from '../aggregate.ts';
import { retryDeadline, retryDue } from '../effects.ts';
import type { PolicyValues } from '../policy/policy.ts';
import type { CaseOutcome, CommandOf, Handler } from './handler.ts';
import { and, cause, decided, groundsOf, lapsed, OPEN, putBack, refused } from './handler.ts';
import type { CaseCommand, CaseEvent, CaseState, Window } from './model.ts';
import { CaseStatus } from './model.ts';

export const CaseDeadline = {
  escalate: 'confirmation.escalate',
  lapse: 'confirmation.lapse',
  further: 'confirmation.further-window',
  provisionalEnd: 'provisional-removal.end',
  retry: 'effect.retry',
  retryCapture: 'capture.retry',
} as const;

/** The one next deadline: the earliest of what the state waits for; at a tie the order written here. */
export function caseDeadline(s: CaseState): Deadline | undefined {
  const all = [retryDeadline(s.effect), retryDeadline(s.recapture, CaseDeadline.retryCapture)].filter((retry) => retry !== undefined);
  all.push(...provisionalEnd(s));
  if (s.window !== undefined && s.status === CaseStatus.moreAsked) all.push(lapseOf(s.window, CaseDeadline.further));
  if (s.window !== undefined && s.status === CaseStatus.awaiting) {
    if (s.window.escalateAt !== undefined && s.escalated !== true) {
      all.push({ at: s.window.escalateAt, rule: CaseDeadline.escalate, ...marked(s.window.provisional?.some(isAboutEscalation)) });
    }
    all.push(lapseOf(s.window, CaseDeadline.lapse));
  }
  return all.reduce<Deadline | undefined>((first, next) => (first === undefined || next.at < first.at ? next : first), undefined);
}

/** Until when the brand can still say something before something happens without it; none once it was said. */
export function answerBy(s: CaseState): Deadline | undefined {
  if (s.status === CaseStatus.removedProvisionally && s.provisionalUntil !== undefined) return provisionalEnd(s)[0];
  if (s.window === undefined) return undefined;
  if (s.status === CaseStatus.moreAsked) return lapseOf(s.window, CaseDeadline.further);
  return s.status === CaseStatus.awaiting ? lapseOf(s.window, CaseDeadline.lapse) : undefined;
}

function provisionalEnd({ provisionalUntil, untilOpen }: CaseState): readonly Deadline[] {
  return provisionalUntil === undefined ? [] : [{ at: provisionalUntil, rule: CaseDeadline.provisionalEnd, ...marked(untilOpen !== undefined) }];
}

function lapseOf({ lapseAt, provisional }: Window, rule: string): Deadline {
  return { at: lapseAt, rule, ...marked(provisional?.some((question) => !isAboutEscalation(question))) };
}

function isAboutEscalation({ name }: InstantQuestion): boolean {
  return name === 'window.escalate';
}

/** Whether an instant of this deadline was counted beyond the published calendars. */
function marked(isProvisional: boolean | undefined): Pick<Deadline, 'provisional'> {
  return isProvisional === true ? { provisional: true } : {};
}

/** A deadline as the command that its passing is; its id makes it happen once. */
export function passing(deadline: Deadline): CaseCommand {
  const { at, rule } = deadline;
  return { id: `${rule}@${at}`, at, by: { capacity: Capacity.engine }, kind: 'passDeadline', rule, due: at };
}

type PassDeadline = CommandOf<'passDeadline'>;

export const passDeadline: Handler<'passDeadline'> = {
  by: [Capacity.engine],
  in: OPEN,
  mandate: false,
  questions(state: CaseState, command: PassDeadline, _policy: PolicyValues): Questions {
    if (command.rule === CaseDeadline.escalate) return { duty: { holder: state.holder } };
    return command.rule === CaseDeadline.provisionalEnd ? and(groundsOf(state)) : {};
  },
  decide(state: CaseState, command: PassDeadline, facts: Facts): CaseOutcome {
    const due = caseDeadline(state);
    if (due?.rule !== command.rule || due.at !== command.due) return refused('not-owed');
    return decided(...passed(state, command, facts));
  },
};

function passed(state: CaseState, command: PassDeadline, facts: Facts): readonly CaseEvent[] {
  switch (command.rule) {
    case CaseDeadline.escalate: {
      const to = facts.duty ?? { capacity: Capacity.governance };
      return [{ type: 'Escalated', at: command.at, to, cause: cause(command, 'confirmation.escalateAfter') }];
    }
    case CaseDeadline.lapse:
      return silence(state, command, facts);
    case CaseDeadline.further:
      return lapsed(command, 'confirmation.cannotTellWindow');
    case CaseDeadline.provisionalEnd: {
      const because = cause(command, 'provisionalRemoval.lasts');
      const back = putBack(command, facts, 'provisional-removal-ended');
      const ended: CaseEvent = { type: 'ProvisionalRemovalEnded', cause: because };
      return back.type === 'PutBackWithheld' ? [ended, back, ...lapsed(command, 'provisionalRemoval.lasts')] : [ended, back];
    }
    case CaseDeadline.retry:
      return [retryDue(state.effect, cause(command))];
    default:
      return [retryDue(state.recapture, cause(command))];
  }
}

/** What silence does is the policy's, per risk class, and is recorded as such. */
function silence(state: CaseState, command: PassDeadline, facts: Facts): readonly CaseEvent[] {
  const effect = facts.policy.confirmation.onSilence[state.riskClass];
  const because = cause(command, `confirmation.onSilence.${state.riskClass}`);
  const lapse: CaseEvent = { type: 'WindowLapsed', at: command.at, effect, cause: because };
  if (effect === 'lapse-under-watch') return [lapse, ...lapsed(command, `confirmation.onSilence.${state.riskClass}`)];
  const key = `takedown:${command.id}`;
  return [lapse, { type: 'TakedownOrdered', key, provisional: true, ground: 'policy', cause: because }];
}
