import { Capacity, type PartyRef } from '../../domain/aggregate.ts';
import { AppealKind, type AppealCommand, type AppealEvent, type AppealState, type CaseReference } from '../../domain/appeal/model.ts';
import { appealRules } from '../../domain/appeal/rules.ts';
import { afterAppeals, caseReference } from '../../domain/case/after-seal.ts';
import {
  type VerdictDetails,
  type CaseCommand,
  type CaseEvent,
  type CaseState,
  CaseStatus,
  type OpenCase,
  Verdict,
} from '../../domain/case/model.ts';
import { caseRules } from '../../domain/case/rules.ts';
import type { EffectResult } from '../../domain/effects.ts';
import { type AggregateId, AggregateKind, aggregateId } from '../../domain/ids.ts';
import type { Instant } from '../../domain/instant.ts';
import { POLICY, POLICY_DIGEST, Story } from './story.ts';

export const CASE_ID = aggregateId(AggregateKind.case, '1'.repeat(32));
export const APPEAL_ID = aggregateId(AggregateKind.appeal, '2'.repeat(32));
export const V1 = 'a'.repeat(64);
export const V2 = 'b'.repeat(64);
export const SELLER = { '...': 'seller-digest' };
export const STATEMENT = { '...': 'statement-digest' };

export type CaseStory = Story<CaseState, CaseCommand, CaseEvent>;
export type AppealStory = Story<AppealState, AppealCommand, AppealEvent>;

/** What a command says, without who, when and under which id. Distributes over the union. */
export type Content<C> = C extends unknown ? Omit<C, 'id' | 'at' | 'by'> : never;

/** Somebody in a capacity. */
export function by(capacity: Capacity): PartyRef {
  return capacity === Capacity.engine || capacity === Capacity.detector ? { capacity } : { capacity, person: { '...': `${capacity}-digest` } };
}

/** A reason code that the shipped policy lists for each verdict. */
const REASON: { readonly [V in Verdict]: string } = {
  counterfeit: 'packaging',
  genuine: 'checked',
  unauthorised: 'not-authorised-here',
  'other-infringement': 'wrong-right',
  'not-ours': 'compatible',
  'cannot-tell': 'needs-sample',
};

/** An answer of the brand with a reason code that goes with it. */
export function anAnswer(verdict: Verdict, perRight?: VerdictDetails['perRight']): VerdictDetails {
  return { verdict, reasonCode: REASON[verdict], basis: 'image', ...(perRight !== undefined && { perRight }) };
}

export function anOpening(overrides: Partial<OpenCase> = {}): OpenCase {
  return {
    kind: 'openCase',
    origin: 'detection',
    marketplace: 'm',
    market: 'DE',
    listing: 'm:1',
    version: V1,
    holder: 'org-a',
    rights: ['R1', 'R2'],
    seller: SELLER,
    riskClass: 'standard',
    findings: [{ detector: 'mark-use', version: 1, score: 0.9, reasons: ['the title uses the mark'] }],
    capture: { digest: 'sha256:00' },
    calendar: { country: 'DE', zone: 'Europe/Berlin', hours: '09:00-18:00' },
    policy: POLICY_DIGEST,
    ...overrides,
  };
}

/** An opened case, driven by its real rules. */
export function aCase(overrides: Partial<OpenCase> = {}): CaseStory {
  const story = new Story(caseRules, CASE_ID);
  give(story, Capacity.detector, anOpening(overrides));
  return story;
}

/** A case whose seller is not known yet. */
export function aSellerlessCase(overrides: Partial<OpenCase> = {}): CaseStory {
  const story = new Story(caseRules, CASE_ID);
  const { seller: _, ...opening } = anOpening(overrides);
  give(story, Capacity.detector, opening);
  return story;
}

/** Gives a command a minute later, under the next id. */
export function give(story: CaseStory, capacity: Capacity, content: Content<CaseCommand>, world = {}) {
  story.wait(60_000);
  return story.tell(commandOf(story, capacity, content), world);
}

/** The command that a content becomes when it is given now. */
export function commandOf(story: CaseStory, capacity: Capacity, content: Content<CaseCommand>): CaseCommand {
  // A content is a command without its envelope; TypeScript does not see through the distribution.
  return { ...content, id: `m${story.told.length + 1}`, at: story.now, by: by(capacity) } as CaseCommand;
}

/** The brand answers. */
export function answer(story: CaseStory, verdict: Verdict, world = {}) {
  return give(story, Capacity.rightsHolder, { kind: 'recordVerdict', ...anAnswer(verdict) }, world);
}

/** The outcome of the effect owed now. Throws when none is owed: that is a mistake of the test. */
export function outcome(story: CaseStory, result: EffectResult, world = {}) {
  const [owed] = story.owes();
  if (owed === undefined) throw new Error('nothing is owed');
  return give(story, Capacity.engine, { kind: 'recordEffectResult', key: owed.key, try: owed.try, result }, world);
}

/** A successful takedown of the first version. */
export function removed({ now }: { readonly now: Instant }): EffectResult {
  return { kind: 'removed', at: now, version: V1, orders: 3 };
}

const HIGH = { riskClass: 'high' } as const;

/** A case in each status, by the shortest way there. */
export const caseIn: { readonly [S in Exclude<CaseStatus, 'none'>]: () => CaseStory } = {
  [CaseStatus.awaiting]: () => aCase(),
  [CaseStatus.moreAsked]: () => then(aCase(), (s) => answer(s, Verdict.cannotTell)),
  [CaseStatus.takingDown]: () => then(aCase(), (s) => answer(s, Verdict.counterfeit)),
  [CaseStatus.recapturing]: () => then(caseIn[CaseStatus.takingDown](), (s) => outcome(s, { kind: 'version-differs', version: V2 })),
  [CaseStatus.removedProvisionally]: () => then(provisional(), (s) => outcome(s, removed(s))),
  [CaseStatus.puttingBack]: () => then(caseIn[CaseStatus.removedProvisionally](), (s) => answer(s, Verdict.genuine)),
  [CaseStatus.actioned]: () => then(caseIn[CaseStatus.takingDown](), (s) => outcome(s, removed(s))),
  [CaseStatus.dismissed]: () => then(aCase(), (s) => answer(s, Verdict.genuine)),
  [CaseStatus.lapsed]: () => then(aCase(), silence),
  [CaseStatus.cancelled]: () => then(aCase(), (s) => give(s, Capacity.governance, { kind: 'cancelCase' })),
};

/** A high-risk case whose provisional takedown is under way. */
export function provisional(): CaseStory {
  return then(aCase(HIGH), silence);
}

/** The brand says nothing until its window has lapsed. */
export function silence(story: CaseStory): void {
  story.passDeadline();
  story.passDeadline();
}

function then(story: CaseStory, act: (story: CaseStory) => unknown): CaseStory {
  act(story);
  return story;
}

/** What an appeal takes over from a sealed case. */
export function aReference(story: CaseStory = caseIn[CaseStatus.actioned](), id: AggregateId = CASE_ID): CaseReference {
  return caseReference(id, story.chain.at(-1)?.hash ?? '', story.state, afterAppeals(story.state, [], POLICY), POLICY);
}

const OPENED_BY: { readonly [K in AppealKind]: Capacity } = {
  [AppealKind.correction]: Capacity.rightsHolder,
  [AppealKind.counterNotice]: Capacity.seller,
  [AppealKind.lateVerdict]: Capacity.rightsHolder,
  [AppealKind.sellerKnown]: Capacity.governance,
  [AppealKind.calendarKnown]: Capacity.engine,
};

/** The opening command of an appeal of a kind, about a case that ended as such cases do. */
function anAppealOpening(kind: AppealKind, verdict: Verdict = Verdict.genuine): Content<AppealCommand> {
  const opening = { kind: 'openAppeal', appeal: kind } as const;
  switch (kind) {
    case AppealKind.correction:
      return { ...opening, of: aReference(), answer: anAnswer(verdict) };
    case AppealKind.counterNotice:
      return { ...opening, of: aReference(), statement: STATEMENT };
    case AppealKind.lateVerdict:
      return { ...opening, of: aReference(caseIn[CaseStatus.lapsed]()), answer: anAnswer(verdict) };
    case AppealKind.sellerKnown: {
      const { seller: _, ...unknown } = aReference();
      return { ...opening, of: unknown, seller: SELLER };
    }
    case AppealKind.calendarKnown: {
      const of = aReference();
      return { ...opening, of, points: { from: of.sealedAt, told: of.sealedAt } };
    }
  }
}

/** An opened appeal, driven by its real rules. */
export function anAppeal(kind: AppealKind, { verdict, ms = 0, otherGrounds = false }: AppealStart = {}): AppealStory {
  const story = new Story(appealRules, APPEAL_ID);
  story.wait(ms);
  giveAppeal(story, OPENED_BY[kind], anAppealOpening(kind, verdict), { otherGrounds });
  return story;
}

/** How an appeal starts: the verdict that it brings, how long after the seal, and whether other cases hold the listing down. */
interface AppealStart {
  readonly verdict?: Verdict;
  readonly ms?: number;
  readonly otherGrounds?: boolean;
}

/** Gives an appeal a command a minute later. */
export function giveAppeal(story: AppealStory, capacity: Capacity, content: Content<AppealCommand>, world = {}) {
  story.wait(60_000);
  return story.tell(appealCommandOf(story, capacity, content), world);
}

/** The command that a content becomes when it is given now. */
export function appealCommandOf(story: AppealStory, capacity: Capacity, content: Content<AppealCommand>): AppealCommand {
  // As in `commandOf`: the content with its envelope.
  return { ...content, id: `m${story.told.length + 1}`, at: story.now, by: by(capacity) } as AppealCommand;
}
