import { Capacity, type Cause, type Command, cause, type Facts, type Questions, sealing } from '../../domain/aggregate.ts';
import { defineAggregate } from '../../domain/define-aggregate.ts';
import { EffectKind, evolveEffects, type OwedEffect, ordered, type TroubleEvent } from '../../domain/effects.ts';
import { instantFact } from '../../domain/facts.ts';
import type { Instant } from '../../domain/instant.ts';
import { refuse } from '../../domain/refusals.ts';
import type { Salted } from '../../domain/salted.ts';

/*
 * An aggregate that the product does not have: a sample is lent to a laboratory. It has one of everything: a question and a fact of its own,
 * an approval by a second person, a deadline, an effect, a mail, a party.
 */

export interface LoanState {
  readonly status: 'none' | 'asked' | 'lent' | 'returned' | 'refused';
  readonly item: string;
  readonly borrower: string;
  readonly askedBy?: Salted;
  readonly until?: Instant;
  readonly label?: OwedEffect;
  readonly policy?: string;
}

export type LoanCommand = Command &
  (
    | { readonly kind: 'openLoan'; readonly item: string; readonly borrower: string; readonly policy: string }
    | { readonly kind: 'decideLoan'; readonly decision: 'approve' | 'reject' }
    | { readonly kind: 'returnItem' }
  );

export type LoanEvent = { readonly cause: Cause } & (
  | { readonly type: 'LoanAsked'; readonly item: string; readonly borrower: string; readonly policy: string; readonly by?: Salted }
  | { readonly type: 'LoanApproved'; readonly key: string; readonly until: Instant }
  | { readonly type: 'LabelPrinted' }
  | { readonly type: 'LoanOverdue' }
  | { readonly type: 'LoanSealed'; readonly as: 'returned' | 'refused'; readonly at: Instant }
);

interface LoanQuestions extends Questions {
  /** How many of an item are on the shelf. */
  readonly shelf?: { readonly item: string };
}

interface LoanFacts extends Facts {
  readonly shelf?: number;
}

const plainDays = { country: 'every-day', zone: 'UTC' };
const sealed = sealing('LoanSealed');

export const loanRules = defineAggregate<LoanState, LoanCommand, LoanEvent, LoanQuestions, LoanFacts>({
  kind: 'loan',
  initial: { status: 'none', item: '', borrower: '' },
  final: ['returned', 'refused'],
  handlers: {
    openLoan: {
      by: [Capacity.liaison],
      in: ['none'],
      opens: true,
      questions: (_state, { item }) => ({ shelf: { item } }),
      decide(_state, command, { shelf }) {
        if (shelf === undefined || shelf === 0) return refuse('exhibit-unknown');
        const { item, borrower, policy, by } = command;
        const asker = by.person === undefined ? {} : { by: by.person };
        return { events: [{ type: 'LoanAsked', item, borrower, policy, ...asker, cause: cause(command) }] };
      },
    },
    decideLoan: {
      by: [Capacity.governance, Capacity.liaison],
      in: ['asked'],
      secondPerson: {
        of: ({ askedBy }) => ({ cases: [], people: askedBy === undefined ? [] : [askedBy] }),
        isApproval: ({ decision }) => decision === 'approve',
      },
      questions: (_state, { at }) => ({
        instants: [{ name: 'until', from: at, after: { n: 5, unit: 'calendar-days' }, calendar: plainDays, policy: 'loans.last' }],
      }),
      decide: (_state, command, facts) => ({
        events:
          command.decision === 'approve'
            ? [{ type: 'LoanApproved', key: `label:${command.id}`, until: instantFact(facts, 'until').at, cause: cause(command, 'loans.last') }]
            : [sealed('refused', command.at, cause(command))],
      }),
    },
    returnItem: {
      by: [Capacity.rightsHolder],
      in: ['lent'],
      isFrom: ({ borrower }, { by }) => by.organisation === borrower,
      decide: (_state, command) => ({ events: [sealed('returned', command.at, cause(command))] }),
    },
  },
  deadlines: {
    in: ['lent'],
    waits: ({ until }, retries) => [...retries, until === undefined ? undefined : { at: until, rule: 'loan.end' }],
    passed: (_state, command) => [{ type: 'LoanOverdue', cause: cause(command, 'loans.last') }],
  },
  effects: {
    in: ['lent'],
    kept: ({ label, item }) => (label === undefined ? [] : [{ effect: label, args: { item } }]),
    retries: () => ({ after: [{ n: 1, unit: 'hours' }], path: 'loans.retryAfter', calendar: plainDays }),
    done: (_state, command) => [{ type: 'LabelPrinted', cause: cause(command) }],
  },
  evolve,
  notifications: (event, { borrower }) =>
    event.type === 'LoanOverdue'
      ? [{ key: 'overdue', kind: 'loan-overdue', to: { organisation: borrower, capacity: Capacity.rightsHolder }, about: {} }]
      : [],
  parties: { changedBy: ['LoanAsked'], of: ({ borrower }) => [{ capacity: Capacity.rightsHolder, organisation: borrower }] },
  summary: ({ status, borrower }) => ({ status, marketplace: '', listing: '', holder: borrower }),
  policyOf: ({ policy }) => policy,
});

function evolve(s: LoanState, e: LoanEvent | TroubleEvent): LoanState {
  switch (e.type) {
    case 'LoanAsked':
      return { status: 'asked', item: e.item, borrower: e.borrower, policy: e.policy, ...(e.by !== undefined && { askedBy: e.by }) };
    case 'LoanApproved':
      return { ...s, status: 'lent', until: e.until, label: ordered(EffectKind.capture, e.key) };
    case 'LabelPrinted': {
      const { label: _, ...rest } = s;
      return rest;
    }
    case 'LoanOverdue': {
      const { until: _, ...rest } = s;
      return rest;
    }
    case 'LoanSealed': {
      const { until: _, label: __, ...rest } = s;
      return { ...rest, status: e.as };
    }
    default:
      return evolveEffects(s, ['label'], e);
  }
}
