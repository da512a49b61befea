import { Capacity } from '../../domain/aggregate.ts';
import type { AppealCommand } from '../../domain/appeal/model.ts';
import { type CaseCommand, Verdict } from '../../domain/case/model.ts';
import type { EffectResult } from '../../domain/effects.ts';
import { EffectKind } from '../../domain/effects.ts';
import { type AppealStory, anAnswer, anOpening, type CaseStory, type Content, removed, SELLER, STATEMENT, V2 } from './builders.ts';

type Samples<C extends { readonly kind: string }, S> = {
  readonly [K in C['kind']]: (story: S) => readonly (readonly [about: string, content: Content<C>])[];
};

const only = <C>(content: C) => [['', content] as const];

/** What can come back for each kind of effect (activities/effects.ts). */
export function resultsOf(kind: string, story: { readonly now: CaseStory['now'] }): readonly EffectResult[] {
  const gone: EffectResult = { kind: 'unknown-shop' };
  const failed: EffectResult = { kind: 'failed', reason: 'marketplace-unavailable' };
  switch (kind) {
    case EffectKind.takedown:
      return [removed(story), { kind: 'already-gone', was: 'removed' }, { kind: 'version-differs', version: V2 }, failed];
    case EffectKind.putBack:
      return [{ kind: 'restored' }, { kind: 'already-live' }, { kind: 'gone' }, failed];
    case EffectKind.restrictShop:
      return [{ kind: 'restricted' }, gone, failed];
    case EffectKind.closeShop:
      return [{ kind: 'closed' }, { kind: 'already-closed' }, gone, failed];
    case EffectKind.liftRestriction:
      return [{ kind: 'lifted' }, { kind: 'not-restricted' }, gone, failed];
    case EffectKind.reopenShop:
      return [{ kind: 'reopened' }, { kind: 'already-open' }, gone, failed];
    case EffectKind.buildPacket: {
      const packet = `sha256:${'a'.repeat(64)}`;
      const missing = { item: 'examination', where: 'case:1', what: 'no goods were examined', cure: 'Buy one.', refuses: false };
      const custody = { item: 'custody', where: 'E-1', what: 'it was lost', cure: 'Leave it out.', refuses: true };
      return [{ kind: 'built', packet, missing: [] }, { kind: 'built', packet, missing: [missing] }, { kind: 'built', missing: [custody] }, failed];
    }
    default:
      return [{ kind: 'captured', digest: 'sha256:01', version: V2 }, { kind: 'gone' }, failed];
  }
}

function outcomes(story: CaseStory | AppealStory) {
  const [owed] = story.owes();
  const stale = ['of nothing owed', { kind: 'recordEffectResult', key: 'takedown:elsewhere', try: 1, result: removed(story) }] as const;
  if (owed === undefined) return [stale];
  const { key, try: attempt } = owed;
  return [
    ...resultsOf(owed.kind, story).map(
      (result) => [`${owed.kind}: ${result.kind}`, { kind: 'recordEffectResult', key, try: attempt, result }] as const,
    ),
    ['of a later try', { kind: 'recordEffectResult', key, try: attempt + 1, result: removed(story) }] as const,
    stale,
  ];
}

function deadlines(story: CaseStory | AppealStory) {
  const due = story.due();
  const wrong = ['not due', { kind: 'passDeadline', rule: 'confirmation.lapse', due: story.now }] as const;
  return due === undefined ? [wrong] : [[due.rule, { kind: 'passDeadline', rule: due.rule, due: due.at }] as const, wrong];
}

/** Every kind of command to a case as it may really come; a kind without samples does not compile. */
export const CASE_SAMPLES: Samples<CaseCommand, CaseStory> = {
  openCase: () => only(anOpening()),
  recordVerdict: () => [
    ...Object.values(Verdict).map((verdict) => [verdict, { kind: 'recordVerdict', ...anAnswer(verdict) }] as const),
    ['genuine, but R2 counterfeit', { kind: 'recordVerdict', ...anAnswer(Verdict.genuine, { R2: Verdict.counterfeit }) }],
    ['for a right not in the case', { kind: 'recordVerdict', ...anAnswer(Verdict.genuine, { R9: Verdict.counterfeit }) }],
    ['with another verdict’s reason', { kind: 'recordVerdict', ...anAnswer(Verdict.genuine), reasonCode: 'packaging' }],
  ],
  extendWindow: () => [
    ['by 8 hours', { kind: 'extendWindow', length: { n: 8, unit: 'working-hours' } }],
    ['by 80 hours', { kind: 'extendWindow', length: { n: 80, unit: 'working-hours' } }],
  ],
  requestExtension: () => [
    ['by 8 hours', { kind: 'requestExtension', length: { n: 8, unit: 'working-hours' } }],
    ['by 9 hours', { kind: 'requestExtension', length: { n: 9, unit: 'working-hours' } }],
  ],
  recordBounce: () => only({ kind: 'recordBounce', letter: 'letter-1' }),
  recountInstants: () => only({ kind: 'recountInstants' }),
  joinVersion: ({ state }) => [
    ['new', { kind: 'joinVersion', version: 'c'.repeat(64), capture: 'sha256:02' }],
    ['known', { kind: 'joinVersion', version: state.versions[0] ?? '' }],
  ],
  cancelCase: () => only({ kind: 'cancelCase' }),
  fileCounterNotice: () => only({ kind: 'fileCounterNotice', statement: STATEMENT }),
  identifySeller: () => only({ kind: 'identifySeller', seller: SELLER }),
  adoptHolder: ({ state }) => [
    ['another', { kind: 'adoptHolder', holder: 'org-b', calendar: { country: 'FR', zone: 'Europe/Paris', hours: '09:00-18:00' } }],
    ['the same', { kind: 'adoptHolder', holder: state.holder, calendar: state.calendar }],
  ],
  orderTestPurchase: () => only({ kind: 'orderTestPurchase', exhibit: 'E-1', order: STATEMENT, price: { amount: 19_900, currency: 'EUR' } }),
  recordExhibit: () => [
    ['handed in', { kind: 'recordExhibit', exhibit: 'E-2', what: STATEMENT, condition: STATEMENT, seal: 'S-1', media: [] }],
    ['part of none', { kind: 'recordExhibit', exhibit: 'E-3', parent: 'E-9', what: STATEMENT, condition: STATEMENT, media: [] }],
  ],
  transferExhibit: () => only({ kind: 'transferExhibit', exhibit: 'E-0', to: 'org-a', why: STATEMENT, seal: 'S-0' }),
  recordExamination: () => only({ kind: 'recordExamination', exhibit: 'E-0', verdict: Verdict.counterfeit, report: 'sha256:00', seal: 'S-0' }),
  recordLoss: () => only({ kind: 'recordLoss', exhibit: 'E-0', why: STATEMENT }),
  passDeadline: deadlines,
  recordEffectResult: outcomes,
};

export const CASE_KINDS = Object.keys(CASE_SAMPLES) as (keyof typeof CASE_SAMPLES)[];

/** The capacity in which each command to a case is properly given. */
export const CASE_CAPACITY: { readonly [K in CaseCommand['kind']]: Capacity } = {
  openCase: Capacity.detector,
  recordVerdict: Capacity.rightsHolder,
  extendWindow: Capacity.accountManager,
  requestExtension: Capacity.rightsHolder,
  recordBounce: Capacity.engine,
  recountInstants: Capacity.engine,
  joinVersion: Capacity.detector,
  cancelCase: Capacity.governance,
  fileCounterNotice: Capacity.seller,
  identifySeller: Capacity.governance,
  adoptHolder: Capacity.engine,
  orderTestPurchase: Capacity.governance,
  recordExhibit: Capacity.governance,
  transferExhibit: Capacity.governance,
  recordExamination: Capacity.rightsHolder,
  recordLoss: Capacity.governance,
  passDeadline: Capacity.engine,
  recordEffectResult: Capacity.engine,
};

/** Every kind of command to an open appeal. */
export const APPEAL_SAMPLES: Samples<AppealCommand, AppealStory> = {
  openAppeal: ({ state }) =>
    state.of === undefined || state.kind === undefined ? [] : only({ kind: 'openAppeal', appeal: state.kind, of: state.of }),
  decideAppeal: () => [
    ['uphold', { kind: 'decideAppeal', decision: 'uphold', reason: STATEMENT }],
    ['overturn', { kind: 'decideAppeal', decision: 'overturn', reason: STATEMENT }],
  ],
  withdrawAppeal: () => only({ kind: 'withdrawAppeal' }),
  recountInstants: () => only({ kind: 'recountInstants' }),
  fileOfferedNotice: () => only({ kind: 'fileOfferedNotice', basis: 'image' }),
  passDeadline: deadlines,
  recordEffectResult: outcomes,
};

export const APPEAL_KINDS = Object.keys(APPEAL_SAMPLES) as (keyof typeof APPEAL_SAMPLES)[];

/** The capacities in which each command to an appeal may properly be given, as far as the kind of appeal allows. */
export const APPEAL_CAPACITIES: { readonly [K in AppealCommand['kind']]: readonly Capacity[] } = {
  openAppeal: [Capacity.rightsHolder],
  decideAppeal: [Capacity.governance],
  withdrawAppeal: [Capacity.seller, Capacity.rightsHolder],
  recountInstants: [Capacity.engine],
  fileOfferedNotice: [Capacity.rightsHolder],
  passDeadline: [Capacity.engine],
  recordEffectResult: [Capacity.engine],
};
