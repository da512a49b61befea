import { EffectKind, evolveEffects, ordered } from '../effects.ts';
import { type AppealEvent, type AppealState, AppealStatus } from './model.ts';

/** The state after an event. */
export function evolveAppeal(s: AppealState, e: AppealEvent): AppealState {
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
    case 'NoticeFiled':
      return { ...s, isNotice: true };
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
