import { type AggregateId, AggregateKind, kindOf } from '../../domain/ids.ts';
import { instant } from '../../domain/instant.ts';
import type { Draft, ReferralState } from '../../domain/referral/model.ts';
import { referralRules } from '../../domain/referral/rules.ts';
import { totalsInWords, totalsOf } from '../../domain/referral/totals.ts';
import { lettersOf } from '../../store/queries/aggregate.ts';
import { namesOf } from '../../store/queries/lists.ts';
import { aboutReferrals, recipientOf } from '../../store/queries/referral-lists.ts';
import { timelineFor } from '../case/timeline.ts';
import type { Known } from '../case/actions.ts';
import { costOf, letterOf, type Sources, sourcesOf, whatComes } from '../case/view.ts';
import type { ServerDeps } from '../deps.ts';
import type { Principal } from '../identity.ts';
import { refuse } from '../problems.ts';
import type { ReferralOut } from '../schemas/referrals.ts';
import { brandsOut, factOut, fileHref, linkedOut, recipientOut, readSalted } from './parts.ts';

/** A referral as the platform's people know it now, or knew it at an instant. Refuses `not-found`. */
export async function referralFor(deps: ServerDeps, who: Principal, id: AggregateId, at?: string): Promise<ReferralOut> {
  if (kindOf(id) !== AggregateKind.referral) refuse('not-found');
  const sources = await sourcesOf(deps, who, id, at);
  const { em, logged, clear, pinned, faults } = sources;
  // The log folds chains of this kind to a referral's state.
  const state = logged.state as ReferralState;
  const now = at === undefined ? deps.clock.now() : instant(at);
  const timeline = await faults.contain('timeline', () => timelineFor(who, logged.decisions, clear, pinned?.document), []);
  return {
    ...(await headOf(sources, state)),
    at: now,
    isPast: at !== undefined,
    openedBy: readSalted(state.openedBy, clear),
    profile: state.profile,
    policy: sources.policyDigest,
    version: logged.decisions.length,
    reference: state.reference ?? null,
    ...(await submissionsOf(sources, state)),
    leftOut: state.leftOut.map((one) => ({ ...one })),
    waived: [...state.waived],
    questions: state.questions.map(({ words, answer }, index) => ({
      number: index + 1,
      question: readSalted(words, clear) ?? '(erased)',
      answer: answer === undefined ? null : (readSalted(answer, clear) ?? '(erased)'),
    })),
    ...outcomesOf(state, clear),
    owes: referralRules.effects(state).map(({ kind, key, try: attempt }) => ({ kind, key, try: attempt })),
    ...(await whatComes(sources, now, knownOf(state))),
    timeline,
    instants: [...new Set(timeline.map((entry) => entry.at))],
    letters: (await lettersOf(em, id, at)).map((letter) => letterOf(letter, at)),
    seal: logged.seal === null ? null : { sequence: logged.seal.sequence, root: logged.seal.root, at: logged.seal.at },
    cost: await costOf(sources),
    faults: [...faults.found],
  };
}

/** What the fields of a command to a referral are as it stands. */
function knownOf({ draft, questions }: ReferralState): Known {
  const item = draft?.missing.find(({ refuses }) => !refuses) ?? draft?.missing[0];
  const question = questions.findIndex(({ answer }) => answer === undefined) + 1;
  return { item: item?.item ?? '', packet: draft?.packet ?? '', question };
}

type Head =
  | 'id'
  | 'status'
  | 'isFinal'
  | 'actor'
  | 'recipient'
  | 'recipientName'
  | 'recipientNow'
  | 'number'
  | 'openedAt'
  | 'changedAt'
  | 'due'
  | 'dueRule';

async function headOf({ em, id, at, logged }: Sources, state: ReferralState): Promise<Pick<ReferralOut, Head>> {
  const about = (await aboutReferrals(em, [id])).get(id);
  const recipient = state.recipient?.id ?? about?.recipient ?? '';
  const row = await recipientOf(em, recipient);
  const due = referralRules.deadline(state);
  return {
    id,
    status: state.status,
    isFinal: referralRules.isFinal(state),
    actor: about?.actor ?? null,
    recipient,
    recipientName: state.recipient?.name ?? row?.name ?? null,
    recipientNow: row === null ? null : recipientOut(row),
    number: about?.number ?? 1,
    openedAt: logged.row.openedAt,
    changedAt: at === undefined ? logged.row.changedAt : (logged.decisions.at(-1)?.decision.at ?? logged.row.openedAt),
    due: due?.at ?? null,
    dueRule: due?.rule ?? null,
  };
}

async function submissionsOf({ em, id, clear }: Sources, state: ReferralState): Promise<Pick<ReferralOut, 'draft' | 'sent'>> {
  const { draft, sent } = state;
  const all = [...sent, ...(draft === undefined ? [] : [draft])];
  const names = await namesOf(
    em,
    all.flatMap(({ parts }) => parts.map(({ brand }) => brand)),
  );
  const content = ({ submission, cases, parts }: Pick<Draft, 'submission' | 'cases' | 'parts'>) => ({
    submission,
    cases: cases.map(linkedOut),
    brands: brandsOut(parts, clear, names, (digest) => fileHref(id, digest)),
  });
  return {
    draft:
      draft === undefined
        ? null
        : {
            ...content(draft),
            stage: draft.stage,
            remindAt: draft.remindAt ?? null,
            until: draft.until ?? null,
            packet: draft.packet ?? null,
            href: draft.packet === undefined ? null : fileHref(id, draft.packet),
            missing: draft.missing.map((item) => ({ ...item, isWaived: !item.refuses && state.waived.includes(item.item) })),
            proposedBy: readSalted(draft.proposedBy, clear),
          },
    sent: sent.map((one) => ({ ...content(one), at: one.at, state: one.state, packet: one.packet, href: fileHref(id, one.packet) })),
  };
}

function outcomesOf({ facts }: ReferralState, clear: ReadonlyMap<string, string>): Pick<ReferralOut, 'outcomes' | 'totals'> {
  const totals = totalsOf(facts);
  return {
    outcomes: facts.map((fact) => factOut(fact, clear)),
    totals: { facts: { ...totals.facts }, goods: { ...totals.goods }, values: { ...totals.values }, words: [...totalsInWords(totals)] },
  };
}
