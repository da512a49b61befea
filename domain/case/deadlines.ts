import { Capacity, cause, type Deadline, type InstantQuestion } from '../aggregate.ts';
import type { DeadlineRules, PassDeadline } from '../deadlines.ts';
import { OPEN } from './command.ts';
import { lapseCase } from './endings.ts';
import { putBack } from './listing-acts.ts';
import type { CaseEvent, CaseState, Window } from './model.ts';
import { CaseStatus } from './model.ts';
import { type CaseFacts, type CaseQuestions, groundsOf } from './questions.ts';

export const CaseDeadline = {
  escalate: 'confirmation.escalate',
  lapse: 'confirmation.lapse',
  further: 'confirmation.further-window',
  provisionalEnd: 'provisional-removal.end',
  retryCapture: 'capture.retry',
} as const;

/** What a case waits for. Of two deadlines at the same instant the one listed first passes first. */
export const caseDeadlines: DeadlineRules<CaseState, CaseEvent, CaseQuestions, CaseFacts> = {
  in: OPEN,
  waits: (state, retries) => [...retries, ...provisionalEnd(state), ...windowEnds(state)],
  questions(state, { rule }) {
    if (rule === CaseDeadline.escalate) return { duty: { holder: state.holder } };
    return rule === CaseDeadline.provisionalEnd ? groundsOf(state) : {};
  },
  passed(state, command, facts) {
    switch (command.rule) {
      case CaseDeadline.escalate: {
        const to = facts.duty ?? { capacity: Capacity.governance };
        return [{ type: 'Escalated', at: command.at, to, cause: cause(command, 'confirmation.escalateAfter') }];
      }
      case CaseDeadline.lapse:
        return silence(state, command, facts);
      case CaseDeadline.further:
        return lapseCase(command, 'confirmation.cannotTellWindow');
      default:
        return provisionalRemovalEnded(command, facts);
    }
  },
};

function windowEnds({ window, status, escalated }: CaseState): readonly Deadline[] {
  if (window === undefined) return [];
  if (status === CaseStatus.moreAsked) return [lapseOf(window, CaseDeadline.further)];
  if (status !== CaseStatus.awaiting) return [];
  const lapse = lapseOf(window, CaseDeadline.lapse);
  if (window.escalateAt === undefined || escalated === true) return [lapse];
  return [{ at: window.escalateAt, rule: CaseDeadline.escalate, ...marked(window.provisional?.some(isAboutEscalation)) }, lapse];
}

/** Until when the brand can answer before the policy decides without it; undefined when nothing is waiting for an answer. */
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

function provisionalRemovalEnded(command: PassDeadline, facts: CaseFacts): readonly CaseEvent[] {
  const because = cause(command, 'provisionalRemoval.lasts');
  const back = putBack(command, facts, 'provisional-removal-ended');
  const ended: CaseEvent = { type: 'ProvisionalRemovalEnded', cause: because };
  return back.type === 'PutBackWithheld' ? [ended, back, ...lapseCase(command, 'provisionalRemoval.lasts')] : [ended, back];
}

/** What follows when nobody answers: the policy says so for each risk class, and the event names that policy value. */
function silence(state: CaseState, command: PassDeadline, facts: CaseFacts): readonly CaseEvent[] {
  const effect = facts.policy.confirmation.onSilence[state.riskClass];
  const because = cause(command, `confirmation.onSilence.${state.riskClass}`);
  const lapse: CaseEvent = { type: 'WindowLapsed', at: command.at, effect, cause: because };
  if (effect === 'lapse-under-watch') return [lapse, ...lapseCase(command, `confirmation.onSilence.${state.riskClass}`)];
  const key = `takedown:${command.id}`;
  return [lapse, { type: 'TakedownOrdered', key, provisional: true, ground: 'policy', cause: because }];
}
