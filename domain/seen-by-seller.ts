/**
 * What a seller is told of a case or a measure against it, and which particulars: what happened to its listing, its points and its
 * statement. Who reported, what the brand answered in detail, detectors and the platform's own deliberations are not among them.
 */
const TOLD: Readonly<Record<string, readonly string[]>> = {
  ListingRemoved: ['alreadyGone'],
  RemovedProvisionally: ['until'],
  ProvisionalRemovalRecounted: ['until'],
  ProvisionalRemovalEnded: [],
  RemovalConfirmed: [],
  ListingRestored: ['result'],
  CounterNoticeFiled: ['statement'],
  SellerIdentified: [],
  LedgerEntered: ['points', 'countsFrom', 'expiresAt'],
  LedgerHeld: [],
  LedgerReleased: ['countsFrom'],
  LedgerRecounted: ['countsFrom'],
  LedgerAmended: ['points'],
  LedgerVoided: [],
  CaseSealed: ['as'],
  AppealOpened: ['appeal'],
  AppealDecided: ['decision'],
  AppealSealed: ['as'],
  MeasureTaken: ['until'],
  MeasureLifted: [],
  SanctionSealed: ['as'],
};

/** The event as a seller may see it; undefined when it is not told of it. */
export function seenBySeller<E extends { readonly type: string }>(event: E): (Partial<E> & { readonly type: string }) | undefined {
  const fields = TOLD[event.type];
  if (fields === undefined) return undefined;
  const kept = Object.entries(event).filter(([name]) => fields.includes(name));
  return { type: event.type, ...(Object.fromEntries(kept) as Partial<E>) };
}
