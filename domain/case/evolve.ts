import { EffectKind, evolveEffects, ordered } from '../effects.ts';
import { evolveExhibits } from './exhibits.ts';
import type { VerdictDetails, CaseEvent, CaseState, Found } from './model.ts';
import { CaseStatus } from './model.ts';
import { evolveWindow } from './window-changes.ts';

export const initialCase: CaseState = {
  status: CaseStatus.none,
  marketplace: '',
  market: '',
  listing: '',
  holder: '',
  versions: [],
  rights: [],
  riskClass: 'standard',
  calendar: { country: '', zone: '' },
  round: 0,
  rearms: 0,
  exhibits: [],
};

/** The state after an event; events that do not concern the state leave it unchanged. */
export function evolveCase(s: CaseState, e: CaseEvent): CaseState {
  switch (e.type) {
    case 'CaseOpened':
      return foldOpening(e);
    case 'CaptureRecorded': {
      const { recapture: _, ...rest } = s;
      return { ...rest, capture: e.digest };
    }
    case 'CaptureAbandoned': {
      const { recapture: _, ...rest } = s;
      return rest;
    }
    case 'CaptureMissing':
      return { ...s, recapture: ordered(EffectKind.capture, e.key) };
    case 'VersionJoined':
      return { ...s, versions: [...s.versions, e.version], ...(e.capture !== undefined && { capture: e.capture }) };
    case 'VerdictGiven':
    case 'VerdictCorrected':
      return { ...s, answer: { ...answerOf(e), at: e.at } };
    case 'ExhibitBooked':
    case 'CustodyRecorded':
      return { ...s, exhibits: evolveExhibits(s.exhibits, e) };
    case 'CounterNoticeFiled':
      return { ...s, statement: e.statement };
    case 'SellerIdentified':
      return { ...s, seller: e.seller };
    case 'HolderAdopted':
      return { ...s, holder: e.holder, calendar: e.calendar };
    case 'CaseSealed':
      return foldSealing(s, e.as, e.at);
    case 'LedgerEntered':
      return { ...s, points: e.points };
    default:
      return evolveMeasures(evolveWindow(s, e), e);
  }
}

/** The part of `evolveCase` about removal and put-back. */
function evolveMeasures(s: CaseState, e: CaseEvent): CaseState {
  switch (e.type) {
    case 'TakedownOrdered': {
      const { window: _, recapture: __, forOthers: ___, ...rest } = s;
      const forOthers = e.ground === 'other-ground' && { forOthers: true as const };
      return { ...rest, status: CaseStatus.takingDown, effect: ordered(EffectKind.takedown, e.key), provisional: e.provisional, ...forOthers };
    }
    case 'RemovalConfirmed':
      return { ...s, provisional: false };
    case 'ListingRemoved': {
      const { effect: _, recapture: __, ...rest } = s;
      return { ...rest, removed: true, ...(e.orders !== undefined && { orders: e.orders }) };
    }
    case 'RemovedProvisionally':
      return { ...s, status: CaseStatus.removedProvisionally, provisionalUntil: e.until, ...(e.provisional && { untilOpen: e.provisional }) };
    case 'ProvisionalRemovalRecounted': {
      const { untilOpen: _, ...rest } = s;
      return { ...rest, provisionalUntil: e.until, ...(e.provisional && { untilOpen: e.provisional }) };
    }
    case 'VersionDiffered': {
      const { effect: _, removed: __, forOthers: ___, ...rest } = s;
      return { ...rest, status: CaseStatus.recapturing, recapture: ordered(EffectKind.capture, e.key) };
    }
    case 'EffectFailed':
    case 'RetryDue':
      return evolveEffects(s, ['effect', 'recapture'], e);
    case 'PutBackOrdered': {
      const { provisionalUntil: _, untilOpen: ____, recapture: __, forOthers: ___, ...rest } = s;
      return { ...rest, status: CaseStatus.puttingBack, effect: ordered(EffectKind.putBack, e.key) };
    }
    case 'PutBackWithheld':
    case 'ListingRestored': {
      const { effect: _, removed: __, provisionalUntil: ___, untilOpen: _____, forOthers: ____, ...rest } = s;
      return rest;
    }
    default:
      return s;
  }
}

function foldOpening(e: Extract<CaseEvent, { type: 'CaseOpened' }>): CaseState {
  return {
    ...initialCase,
    status: CaseStatus.awaiting,
    policy: e.policy,
    marketplace: e.marketplace,
    market: e.market,
    listing: e.listing,
    holder: e.holder,
    versions: [e.version],
    rights: e.rights,
    riskClass: e.riskClass,
    calendar: e.calendar,
    found: foundBy(e),
    ...(e.seller !== undefined && { seller: e.seller }),
    ...(e.linkedTo !== undefined && { linkedTo: e.linkedTo }),
  };
}

/** What an opening's findings come to; each sentence once. */
function foundBy({ origin, findings }: Extract<CaseEvent, { type: 'CaseOpened' }>): Found {
  return {
    origin,
    detectors: findings.map(({ detector, version }) => `${detector}@${version}`),
    findings: [...new Set(findings.flatMap(({ reasons }) => reasons))],
  };
}

/** A sealed case owes nothing and waits for nothing. */
function foldSealing(s: CaseState, as: CaseStatus, at: CaseState['sealedAt']): CaseState {
  const { window: _, effect: __, recapture: ___, provisionalUntil: ____, untilOpen: _____, ...rest } = s;
  return { ...rest, status: as, ...(at && { sealedAt: at }) };
}

function answerOf(e: VerdictDetails): VerdictDetails {
  const { verdict, reasonCode, basis, perRight, exhibit } = e;
  return { verdict, reasonCode, basis, ...(perRight && { perRight }), ...(exhibit && { exhibit }) };
}
