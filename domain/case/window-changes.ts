import { Capacity, cause, type Command, type OutboxDraft, type Recipient } from '../aggregate.ts';
import { instantFact, provisionalOf } from '../facts.ts';
import type { PolicyValues } from '../policy/policy.ts';
import { refuse } from '../refusals.ts';
import { type CaseHandler, type CaseOutcome, type CommandOf, decideEvents } from './command.ts';
import { type CaseEvent, type CaseState, CaseStatus, type Window } from './model.ts';
import { CaseNotification } from './notifications.ts';
import type { CaseFacts, CaseQuestions } from './questions.ts';
import { recountedWindow } from './recount.ts';
import { windowFrom, windowQuestions } from './window.ts';

/** More time for a brand that has not answered: once, and within the limit of the policy. */
const extendWindow: CaseHandler<'extendWindow'> = {
  by: [Capacity.accountManager],
  in: [CaseStatus.awaiting],
  questions: questionsOfExtension,
  decide: (state, command, facts) => (state.extended === true ? refuse('extended-already') : moreTime(command, facts)),
};

/** The brand asks for more time itself: once in a round, and granted at once within the limit of the policy. */
const requestExtension: CaseHandler<'requestExtension'> = {
  by: [Capacity.rightsHolder],
  in: [CaseStatus.awaiting],
  questions: (state, command, policy) => ({ ...questionsOfExtension(state, command, policy), duty: { holder: state.holder } }),
  decide: (state, command, facts) =>
    state.requested === true ? refuse('extended-already') : moreTime(command, facts, { told: facts.duty ?? { capacity: Capacity.governance } }),
};

type Extension = CommandOf<'extendWindow' | 'requestExtension'>;

function questionsOfExtension({ window, calendar }: CaseState, command: Extension, policy: PolicyValues): CaseQuestions {
  const atMost = policy.confirmation.extensions[command.by.capacity];
  if (window === undefined || atMost === undefined) return {};
  const asked = { from: window.lapseAt, calendar, policy: sourceOfExtension(command) };
  return {
    instants: [
      { name: 'window.extended', after: command.length, ...asked },
      { name: 'window.extended-at-most', after: atMost, ...asked },
    ],
  };
}

function moreTime(command: Extension, facts: CaseFacts, told: { readonly told?: NonNullable<CaseFacts['duty']> } = {}): CaseOutcome {
  if (facts.policy.confirmation.extensions[command.by.capacity] === undefined) return refuse('no-extension');
  const lapseAt = instantFact(facts, 'window.extended').at;
  if (lapseAt > instantFact(facts, 'window.extended-at-most').at) return refuse('extension-too-long');
  const open = provisionalOf(facts, (name) => name === 'window.extended');
  return decideEvents({ type: 'WindowExtended', ...told, lapseAt, ...open, cause: cause(command, sourceOfExtension(command)) });
}

/** Where the policy says how long an extension may be. */
function sourceOfExtension({ by }: Pick<Command, 'by'>): string {
  return `confirmation.extensions.${by.capacity}`;
}

/** The mail that asked the brand bounced: the window starts again, because a brand that was not reached has not been silent. */
const recordBounce: CaseHandler<'recordBounce'> = {
  by: [Capacity.engine],
  in: [CaseStatus.awaiting],
  questions(state, command, policy) {
    return { instants: windowQuestions(command.at, state.calendar, policy) };
  },
  decide(state, command, facts) {
    if (state.rearms >= facts.policy.confirmation.rearmsAfterBounce) return refuse('not-now');
    const because = cause(command, 'confirmation.rearmsAfterBounce');
    // A round of its own: the reminders written for the window that did not count are not wanted any more.
    const window = windowFrom(state.round + 1, command.at, facts);
    // An extension that was granted before is not taken back by the bounce.
    const lapseAt = state.window !== undefined && state.window.lapseAt > window.lapseAt ? state.window.lapseAt : window.lapseAt;
    return decideEvents({ type: 'ConfirmationRearmed', ...window, lapseAt, cause: because });
  },
};

/** Commands that change the window in which the brand answers. */
export const windowChanges = { extendWindow, requestExtension, recordBounce } as const;

/** What an event makes of the window; every other event leaves the state as it is. */
export function evolveWindow(s: CaseState, e: CaseEvent): CaseState {
  switch (e.type) {
    case 'ConfirmationAsked':
      return foldAsking(s, CaseStatus.awaiting, windowOf(e));
    case 'MoreAsked':
      return foldAsking(s, CaseStatus.moreAsked, windowOf(e));
    case 'ConfirmationRearmed':
      return { ...foldAsking(s, s.status, windowOf(e)), rearms: s.rearms + 1 };
    case 'WindowExtended':
      return s.window === undefined
        ? s
        : { ...s, ...(e.told === undefined ? { extended: true } : { requested: true }), window: extended(s.window, e) };
    case 'WindowRecounted':
      return s.window === undefined ? s : { ...s, window: recountedWindow(s.window, e) };
    case 'Escalated':
      return { ...s, escalated: true };
    default:
      return s;
  }
}

function foldAsking(s: CaseState, status: CaseStatus, window: Window): CaseState {
  const { escalated: _, extended: __, requested: ____, answer: ___, ...rest } = s;
  return { ...rest, status, window, round: window.round, ...(status === CaseStatus.moreAsked && s.answer && { answer: s.answer }) };
}

function windowOf(e: Window): Window {
  const { round, askedAt, digestAt, remindAt, escalateAt, lapseAt, provisional } = e;
  return { round, askedAt, digestAt, remindAt, lapseAt, ...(escalateAt && { escalateAt }), ...(provisional && { provisional }) };
}

/** Whether the lapse is provisional is said anew; what was open of the escalation stays open. */
function extended({ provisional, ...window }: Window, e: Extract<CaseEvent, { type: 'WindowExtended' }>): Window {
  const open = [...(provisional ?? []).filter(({ name }) => name === 'window.escalate'), ...(e.provisional ?? [])];
  return { ...window, lapseAt: e.lapseAt, ...(e.escalateAt && { escalateAt: e.escalateAt }), ...(open.length > 0 && { provisional: open }) };
}

/** Whom what happens to the window is told. */
export function windowNotifications(event: CaseEvent, after: CaseState): readonly OutboxDraft[] {
  const holder: Recipient = { organisation: after.holder, capacity: Capacity.rightsHolder };
  switch (event.type) {
    case 'ConfirmationAsked':
      return [asking(CaseNotification.ask, holder, event), ...reminders(holder, event)];
    case 'ConfirmationRearmed':
      return [
        { key: 'rearmed', kind: CaseNotification.escalation, to: { governance: true }, about: { because: 'bounce', ...lapse(event) } },
        ...reminders(holder, event),
      ];
    case 'MoreAsked':
      return [asking(CaseNotification.moreAsked, holder, event)];
    case 'WindowExtended':
      return event.told === undefined ? [] : [sentenceTo(escalatedTo(event.told), event)];
    case 'Escalated':
      return [
        {
          key: 'escalation',
          kind: CaseNotification.escalation,
          to: escalatedTo(event.to),
          about: { because: 'silence', ...(after.window === undefined ? { lapseAt: null } : lapse(after.window)) },
        },
      ];
    default:
      return [];
  }
}

/** Tells somebody of the event in the sentence that timeline and replay have for it. */
function sentenceTo(to: Recipient, { cause: _, ...event }: CaseEvent): OutboxDraft {
  return { key: `event:${event.type}`, kind: CaseNotification.event, to, about: { event } };
}

function asking(kind: string, to: Recipient, window: Window): OutboxDraft {
  return {
    key: kind,
    kind,
    to,
    dueAt: window.digestAt,
    digest: 'asks',
    unless: tokenOfRound(window.round),
    about: { round: window.round, ...lapse(window) },
  };
}

function reminders(to: Recipient, window: Window): readonly OutboxDraft[] {
  return window.remindAt.map((dueAt, i) => ({
    key: `reminder:${i + 1}`,
    kind: CaseNotification.reminder,
    to,
    dueAt,
    digest: 'reminders',
    unless: tokenOfRound(window.round),
    about: { round: window.round, number: i + 1, ...lapse(window) },
  }));
}

function lapse({ lapseAt, provisional }: Window): OutboxDraft['about'] {
  return { lapseAt, ...(provisional !== undefined && { mayMove: true }) };
}

function escalatedTo(to: { readonly person?: string }): Recipient {
  return to.person === undefined ? { governance: true } : { person: to.person };
}

/** Reminders of a round are wanted as long as the case waits for that round's answer. */
export function tokenOfRound(round: number): string {
  return `asked:${round}`;
}
