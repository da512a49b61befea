import type { Facts, InstantQuestion } from '../aggregate.ts';
import { instantFact, provisionalOf } from '../facts.ts';
import type { Duration, Instant } from '../instant.ts';
import { epochMs, instantOf } from '../instant.ts';
import type { PolicyValues } from '../policy/policy.ts';
import type { CaseState, Window } from './model.ts';

/** The instants of a confirmation window that starts at `from` (publication in the brand's queue). */
export function windowQuestions(from: Instant, calendar: CaseState['calendar'], policy: PolicyValues): readonly InstantQuestion[] {
  const p = policy.confirmation;
  const ask = (name: string, after: Duration, path: string): InstantQuestion => ({ name, from, after, calendar, policy: path });
  return [
    ...p.remindAfter.map((after, i) => ask(`window.remind.${i}`, after, `confirmation.remindAfter.${i}`)),
    ask('window.escalate', p.escalateAfter, 'confirmation.escalateAfter'),
    ask('window.lapse', p.lapseAfter, 'confirmation.lapseAfter'),
  ];
}

/** The one further window that a first `cannot-tell` opens. */
export function furtherWindowQuestions(from: Instant, calendar: CaseState['calendar'], policy: PolicyValues): readonly InstantQuestion[] {
  return [{ name: 'window.further', from, after: policy.confirmation.cannotTellWindow, calendar, policy: 'confirmation.cannotTellWindow' }];
}

/** The window built from the answered questions. */
export function windowFrom(round: number, askedAt: Instant, facts: Facts): Window {
  const remindAt = Object.keys(facts.instants)
    .filter((name) => name.startsWith('window.remind.'))
    .sort()
    .map((name) => instantFact(facts, name).at);
  return {
    round,
    askedAt,
    digestAt: digestAt(askedAt, facts.policy),
    remindAt,
    escalateAt: instantFact(facts, 'window.escalate').at,
    lapseAt: instantFact(facts, 'window.lapse').at,
    // Reminders are our own: they are not promised to anybody and stay where they are.
    ...provisionalOf(facts, (name) => name === 'window.escalate' || name === 'window.lapse'),
  };
}

/** The further window: no reminders and no escalation, the brand knows and is at work on a sample. */
export function furtherWindowFrom(round: number, askedAt: Instant, facts: Facts): Window {
  const lapseAt = instantFact(facts, 'window.further').at;
  return {
    round,
    askedAt,
    digestAt: digestAt(askedAt, facts.policy),
    remindAt: [],
    lapseAt,
    ...provisionalOf(facts, (name) => name === 'window.further'),
  };
}

/** The next instant at which digests go out: the coming multiple of the policy's minutes. */
export function digestAt(at: Instant, policy: PolicyValues): Instant {
  const step = policy.confirmation.digestEveryMinutes * 60_000;
  return instantOf(Math.ceil((epochMs(at) + 1) / step) * step);
}
