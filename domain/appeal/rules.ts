import type { Deadline, Effect, Facts, LetterDraft, Outcome, Questions, Rules, Summary, Write } from '../aggregate.ts';
import { Capacity } from '../aggregate.ts';
import { isSameVerdict } from '../case/answers.ts';
import { pointsOf } from '../case/handler.ts';
import { laterOf, provisionalOf } from '../facts.ts';
import {
  EffectKind,
  effectFailed,
  evolveEffects,
  isOutcomeOf,
  ordered,
  owed,
  retriesOf,
  retryDeadline,
  retryDue,
  retryQuestion,
} from '../effects.ts';
import { LEDGER_COUNTS, ledgerEntry, ledgerQuestions, ledgerWrite } from '../ledger/ledger.ts';
import type { PolicyValues } from '../policy/policy.ts';
import { refuse } from '../refusals.ts';
import type { AppealOutcome, CommandOf } from './handler.ts';
import { cause, putBackOrWithhold, sealed } from './handler.ts';
import { appealLetters } from './letters.ts';
import type { AppealCommand, AppealEvent, AppealState, CaseReference } from './model.ts';
import { AppealKind, AppealStatus, FINAL_APPEAL_STATUSES } from './model.ts';
import { applyCorrection, openAppeal, openingQuestions } from './opening.ts';

export const AppealDeadline = { offer: 'late-verdict.offer' } as const;

/** Who may give a command, and in which statuses. */
export const appealTable: { readonly [K in AppealCommand['kind']]: { readonly by: readonly Capacity[]; readonly in: readonly AppealStatus[] } } = {
  openAppeal: { by: [Capacity.rightsHolder, Capacity.seller, Capacity.governance, Capacity.engine], in: [AppealStatus.none] },
  decideAppeal: { by: [Capacity.governance], in: [AppealStatus.inReview] },
  // Only whoever filed it: `isFiler`.
  withdrawAppeal: { by: [Capacity.seller, Capacity.rightsHolder], in: [AppealStatus.inReview, AppealStatus.offered] },
  recountInstants: { by: [Capacity.engine], in: [AppealStatus.offered] },
  fileOfferedNotice: { by: [Capacity.rightsHolder], in: [AppealStatus.offered] },
  passDeadline: { by: [Capacity.engine], in: [AppealStatus.offered, AppealStatus.takingDown, AppealStatus.puttingBack] },
  recordOutcome: { by: [Capacity.engine], in: [AppealStatus.takingDown, AppealStatus.puttingBack] },
};

function questions(state: AppealState, command: AppealCommand, policy: PolicyValues): Questions {
  if (command.kind === 'openAppeal') return openingQuestions(command, policy);
  const { of } = state;
  if (of === undefined) return {};
  if (command.kind === 'recountInstants') return state.offerOpen === undefined ? {} : { instants: state.offerOpen };
  const mandate = command.by.capacity === Capacity.engine ? {} : { mandate: true as const };
  const seller = state.seller ?? of.seller;
  const rows = {
    grounds: { marketplace: of.marketplace, listing: of.listing },
    ...(seller !== undefined && { ledger: { seller, listing: of.listing, holder: of.holder } }),
  };
  if (command.kind === 'recordOutcome') {
    if (!isOutcomeOf(state.effect, command)) return {};
    const [after, path] = retriesOf(state.effect.kind, policy);
    if (command.result.kind === 'failed') return { ...retryQuestion(command.at, command.try, after, path, of.calendar), ...rows };
  }
  // When a contested entry counts again depends on when it would have counted without the contest.
  const from = command.kind === 'recordOutcome' ? command.at : of.sealedAt;
  const stand = command.kind === 'decideAppeal' || command.kind === 'fileOfferedNotice' ? { stand: { case: of.case } } : {};
  return { instants: ledgerQuestions(from, policy), ...mandate, ...rows, ...stand };
}

function decide(state: AppealState, command: AppealCommand, facts: Facts): Outcome<AppealEvent> {
  if (isFinal(state)) return refuse('is-final');
  if (state.status === AppealStatus.none && command.kind !== 'openAppeal') return refuse('not-opened');
  if (state.status !== AppealStatus.none && command.kind === 'openAppeal') return refuse('already-open');
  const row = appealTable[command.kind];
  if (!row.by.includes(command.by.capacity)) return refuse('wrong-capacity');
  if (!row.in.includes(state.status)) return refuse('not-now');
  if (command.kind === 'openAppeal') return openAppeal(command, facts);
  if (command.by.capacity !== Capacity.engine && facts.mandate !== 'valid') {
    return refuse(facts.mandate === 'revoked' ? 'mandate-revoked' : 'no-mandate');
  }
  const { of } = state;
  return of === undefined ? refuse('not-opened') : decideOpen(state, of, command, facts);
}

function decideOpen(state: AppealState, of: CaseReference, command: Exclude<AppealCommand, { kind: 'openAppeal' }>, facts: Facts): AppealOutcome {
  switch (command.kind) {
    case 'decideAppeal':
      return { events: decideReview(state, of, command, facts) };
    case 'withdrawAppeal':
      if (!isFiler(state, command.by.capacity)) return refuse('wrong-capacity');
      return { events: [...released(state, command, facts), sealed(AppealStatus.withdrawn, command.at, cause(command))] };
    case 'recountInstants': {
      if (state.offerOpen === undefined) return refuse('nothing-provisional');
      const until = laterOf(facts, 'offer.until', state.offerUntil);
      return { events: [{ type: 'OfferRecounted', until, ...provisionalOf(facts, () => true), cause: cause(command) }] };
    }
    case 'fileOfferedNotice': {
      if (state.answer !== undefined && facts.stand?.latest !== undefined && !isSameVerdict(state.answer, facts.stand.latest))
        return refuse('superseded');
      const filed: AppealEvent = { type: 'NoticeFiled', at: command.at, cause: cause(command) };
      return { events: [filed, { type: 'TakedownOrdered', key: `takedown:${command.id}`, ground: 'notice', cause: cause(command) }] };
    }
    case 'passDeadline': {
      const deadline = appealDeadline(state);
      if (deadline?.rule !== command.rule || deadline.at !== command.due) return refuse('not-owed');
      return command.rule === AppealDeadline.offer
        ? { events: [sealed(AppealStatus.withdrawn, command.at, cause(command, 'appeals.lateVerdictOfferLasts'))] }
        : { events: [retryDue(state.effect, cause(command))] };
    }
    case 'recordOutcome':
      return outcome(state, of, command, facts);
  }
}

function decideReview(state: AppealState, of: CaseReference, command: CommandOf<'decideAppeal'>, facts: Facts): readonly AppealEvent[] {
  const { decision, reason } = command;
  const said: AppealEvent = { type: 'AppealDecided', decision, reason, cause: cause(command) };
  if (isMoot(of, facts)) return [said, sealed(AppealStatus.withdrawn, command.at, cause(command))];
  if (decision === 'uphold') return [said, ...released(state, command, facts), sealed(AppealStatus.upheld, command.at, cause(command))];
  if (state.kind === AppealKind.correction) {
    const { answer } = state;
    return [said, ...applyCorrection(of, { ...command, ...(answer !== undefined && { answer }) }, facts, cause(command))];
  }
  const voided: AppealEvent = { type: 'LedgerVoided', reason: 'overturned', cause: cause(command) };
  return [said, voided, ...putBackOrWithhold(command, facts, AppealStatus.overturned, cause(command))];
}

/** Another appeal has ended the restriction that this review is about; one that was made since is not its matter. */
function isMoot({ sealedAt }: CaseReference, { stand }: Facts): boolean {
  return stand !== undefined && (!stand.isRestricted || stand.since > sealedAt);
}

/** A seller's counter-statement is not the brand's to withdraw, nor a brand's correction or verdict the seller's. */
function isFiler(state: AppealState, capacity: Capacity): boolean {
  return capacity === (state.kind === AppealKind.counterStatement ? Capacity.seller : Capacity.rightsHolder);
}

/**
 * A counter-statement that ends without success lets the points count: from now on, but never earlier than without it (ladder C:
 * after the working days without a successful one).
 */
function released(state: AppealState, command: AppealCommand, facts: Facts): readonly AppealEvent[] {
  if (state.kind !== AppealKind.counterStatement) return [];
  const uncontested = facts.instants[LEDGER_COUNTS]?.at ?? command.at;
  const countsFrom = uncontested > command.at ? uncontested : command.at;
  const open = uncontested > command.at ? provisionalOf(facts, (name) => name === LEDGER_COUNTS) : {};
  return [{ type: 'LedgerReleased', countsFrom, ...open, cause: cause(command, 'ledger.countsAfter') }];
}

function outcome(state: AppealState, of: CaseReference, command: CommandOf<'recordOutcome'>, facts: Facts): AppealOutcome {
  const { effect } = state;
  if (!isOutcomeOf(effect, command)) return refuse('not-owed');
  const { result } = command;
  const because = cause(command);
  if (result.kind === 'failed') return { events: [effectFailed(command.key, result.reason, facts, because)] };
  const ends = state.ends ?? AppealStatus.applied;
  if (effect.kind === EffectKind.putBack) {
    // Another case took the listing down while it was being put back and may have found it "already gone": its ground wins.
    if (facts.otherGrounds === true && result.kind !== 'gone') {
      return { events: [{ type: 'TakedownOrdered', key: `takedown:${command.id}`, ground: 'other-ground', cause: because }] };
    }
    return { events: [{ type: 'ListingRestored', result: result.kind, cause: because }, sealed(ends, command.at, because)] };
  }
  if (result.kind === 'version-differs') {
    // The notice was about another version; what is on sale now is a new suspicion for the next sweep.
    const end = state.forOthers === true ? ends : AppealStatus.withdrawn;
    return { events: [{ type: 'RemovalMissed', version: result.version, cause: because }, sealed(end, command.at, because)] };
  }
  if (state.forOthers === true) return { events: putBackOrWithhold(command, facts, ends, because) };
  return { events: noticeApplied(state, of, command, facts, because) };
}

/** The offered notice was filed and the listing is down: the points follow, unless the row counts already. */
function noticeApplied(
  state: AppealState,
  of: CaseReference,
  command: CommandOf<'recordOutcome'>,
  facts: Facts,
  because: AppealEvent['cause'],
): readonly AppealEvent[] {
  const { result } = command;
  const removed: AppealEvent =
    result.kind === 'removed'
      ? { type: 'ListingRemoved', at: command.at, alreadyGone: false, version: result.version, orders: result.orders, cause: because }
      : { type: 'ListingRemoved', at: command.at, alreadyGone: true, cause: because };
  const points = state.answer === undefined ? 0 : pointsOf(state.answer, of.rights, facts.policy);
  const entry = ledgerEntry(of.seller, points, facts.ledger, false, facts, because);
  return [removed, entry, sealed(AppealStatus.applied, command.at, because)];
}

function evolve(s: AppealState, e: AppealEvent): AppealState {
  switch (e.type) {
    case 'AppealOpened': {
      const { answer, statement, seller } = e;
      const kept = { ...(answer && { answer }), ...(statement && { statement }), ...(seller && { seller }) };
      return { status: AppealStatus.inReview, kind: e.appeal, of: e.of, ...kept };
    }
    case 'NoticeOffered':
      return { ...s, status: AppealStatus.offered, offerUntil: e.until, ...(e.provisional && { offerOpen: e.provisional }) };
    case 'OfferRecounted': {
      const { offerOpen: _, ...rest } = s;
      return { ...rest, offerUntil: e.until, ...(e.provisional && { offerOpen: e.provisional }) };
    }
    case 'TakedownOrdered': {
      const { offerUntil: _, offerOpen: __, ...rest } = s;
      const undoing = e.ground === 'other-ground' ? { forOthers: true as const } : { ends: AppealStatus.applied };
      return { ...rest, status: AppealStatus.takingDown, effect: ordered(EffectKind.takedown, e.key), ...undoing };
    }
    case 'PutBackOrdered': {
      const { forOthers: _, ...rest } = s;
      return { ...rest, status: AppealStatus.puttingBack, effect: ordered(EffectKind.putBack, e.key), ends: e.ends };
    }
    case 'EffectFailed':
    case 'RetryDue':
      return evolveEffects(s, ['effect'], e);
    case 'AppealSealed': {
      const { effect: _, offerUntil: __, offerOpen: ___, ...rest } = s;
      return { ...rest, status: e.as };
    }
    default:
      return s;
  }
}

function appealDeadline(s: AppealState): Deadline | undefined {
  if (s.offerUntil === undefined) return retryDeadline(s.effect);
  return retryDeadline(s.effect) ?? { at: s.offerUntil, rule: AppealDeadline.offer, ...(s.offerOpen && { provisional: true as const }) };
}

function effects(s: AppealState): readonly Effect[] {
  if (s.of === undefined) return [];
  const { marketplace, listing, versions } = s.of;
  const reason = s.answer?.verdict ?? s.ends ?? 'appeal';
  return owed(s.effect, s.effect?.kind === EffectKind.takedown ? { marketplace, listing, versions, reason } : { marketplace, listing, reason });
}

function writes(e: AppealEvent): readonly Write[] {
  switch (e.type) {
    case 'TakedownOrdered':
      return [{ ground: 'add' }];
    case 'PutBackOrdered':
    case 'PutBackWithheld':
    case 'RemovalMissed':
      return [{ ground: 'remove' }];
    case 'LedgerEntered':
    case 'LedgerUnchanged':
    case 'LedgerHeld':
    case 'LedgerReleased':
    case 'LedgerRecounted':
    case 'LedgerAmended':
    case 'LedgerVoided':
      return ledgerWrite(e);
    default:
      return [];
  }
}

function isFinal(s: AppealState): boolean {
  return FINAL_APPEAL_STATUSES.includes(s.status);
}

function summary(s: AppealState): Summary {
  const seller = s.seller ?? s.of?.seller;
  return {
    status: s.status,
    marketplace: s.of?.marketplace ?? '',
    listing: s.of?.listing ?? '',
    holder: s.of?.holder ?? '',
    ...(s.of !== undefined && { about: s.of.case }),
    ...(seller !== undefined && { seller }),
  };
}

/** The rules of an appeal: what comes after a case's seal (`design.md` section 2.10). */
export const appealRules: Rules<AppealState, AppealCommand, AppealEvent> = {
  initial: { status: AppealStatus.none },
  questions,
  decide,
  evolve,
  deadline: appealDeadline,
  onDeadline: ({ at, rule }) => ({ id: `${rule}@${at}`, at, by: { capacity: Capacity.engine }, kind: 'passDeadline', rule, due: at }),
  effects,
  letters: (event, after): readonly LetterDraft[] => appealLetters(event, after),
  writes,
  mark: (state) => state.status,
  isFinal,
  summary,
  policyOf: (state) => state.of?.policy,
};
