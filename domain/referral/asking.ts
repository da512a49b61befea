import { Capacity, cause } from '../aggregate.ts';
import { instantFact } from '../facts.ts';
import { refuse } from '../refusals.ts';
import { type Events, PREPARED, type ReferralHandler } from './command.ts';
import { brandsOf, build, draftOf, dropped, isAnswered, without } from './draft.ts';
import type { LinkedCase } from './qualifying-cases.ts';
import type { Draft, ReferralCommand, ReferralState } from './model.ts';
import type { ReferralFacts } from './questions.ts';

/** A submission begins by asking each brand concerned. */
export function beginSubmission(submission: number, cases: readonly LinkedCase[], command: ReferralCommand, facts: ReferralFacts): Events {
  return [{ type: 'SubmissionBegun', submission, cases, cause: cause(command) }, ...askBrands(brandsOf(cases), command, facts)];
}

/** More cases of the actor while a submission is prepared: brands that were not asked before are asked. */
export function added(draft: Draft, cases: readonly LinkedCase[], command: ReferralCommand, facts: ReferralFacts): Events {
  const brands = brandsOf(cases).filter((brand) => !draft.parts.some((part) => part.brand === brand));
  const isReady = isAnswered(draft, [...draft.cases, ...cases]);
  const next = brands.length > 0 ? askBrands(brands, command, facts) : isReady ? [build(command)] : [];
  return [{ type: 'CasesAdded', cases, cause: cause(command) }, ...next];
}

function askBrands(brands: readonly string[], command: ReferralCommand, facts: ReferralFacts): Events {
  const remindAt = instantFact(facts, 'remindBrandAfter').at;
  const until = instantFact(facts, 'appraisalWithin').at;
  return [{ type: 'AppraisalAsked', brands, remindAt, until, cause: cause(command, 'referrals.appraisalWithin') }];
}

/** The brand's appraisal, price statement and contact; given again, it replaces what was said before. */
export const giveAppraisal: ReferralHandler<'giveAppraisal'> = {
  by: [Capacity.rightsHolder],
  in: PREPARED,
  decide(state, command) {
    const draft = draftOf(state);
    const { brand } = command;
    if (!draft.parts.some((part) => part.brand === brand)) return refuse('not-asked');
    const { kind: _, id: __, by: ___, ...given } = command;
    const told = { ...draft, parts: draft.parts.map((part) => (part.brand === brand ? { brand, given } : part)) };
    const next = isAnswered(told, draft.cases) ? [build(command)] : [];
    return { events: [{ type: 'AppraisalGiven', ...given, cause: cause(command) }, ...next] };
  },
};

/** A brand declines to give an appraisal: its cases are left out. */
export const declineAppraisal: ReferralHandler<'declineAppraisal'> = {
  by: [Capacity.rightsHolder],
  in: PREPARED,
  decide(state, command) {
    const draft = draftOf(state);
    const { brand, reason } = command;
    const cases = casesOf(draft, brand);
    if (cases.length === 0) return refuse('not-asked');
    const words = reason === undefined ? {} : { words: reason };
    return {
      events: [
        { type: 'CasesLeftOut', cases, brand, reason: 'declined', ...words, cause: cause(command) },
        ...without(state, draft, cases, command, NOBODY),
      ],
    };
  },
};

const NOBODY = 'every brand declined or stayed silent';

function casesOf({ cases }: Draft, brand: string): readonly string[] {
  return cases.filter(({ holder }) => holder === brand).map((one) => one.case);
}

/** Brands that have not answered yet. */
export function silentBrands({ draft }: ReferralState): readonly string[] {
  return draft?.parts.filter(({ given }) => given === undefined).map(({ brand }) => brand) ?? [];
}

/** The time to answer has ended: the cases of brands that did not answer are left out. */
export function silence(state: ReferralState, command: ReferralCommand): Events {
  const draft = draftOf(state);
  const because = cause(command, 'referrals.appraisalWithin');
  const out = silentBrands(state).map((brand) => ({ brand, cases: casesOf(draft, brand) }));
  const gone = out.flatMap(({ cases }) => cases);
  const isEmpty = draft.cases.every((one) => gone.includes(one.case));
  return [
    ...out.map(({ brand, cases }) => ({ type: 'CasesLeftOut' as const, cases, brand, reason: 'silent' as const, cause: because })),
    ...(isEmpty ? dropped(state, command, NOBODY) : [build(command)]),
  ];
}
