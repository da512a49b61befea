import { GroundRow, LedgerRow } from '../../store/schema/entities/projections.ts';
import { listCases } from '../../store/queries/cases.ts';
import type { CheckOf } from './check-schemas.ts';
import { compareCount, type Finding, same, sameCounts, sameInstant, sameInstants } from './compare.ts';
import type { MarketplaceRequest } from './outside.ts';
import type { Session } from './session.ts';

const MOST_LINES = 10_000;

/** The list of cases. */
export async function checkCases(session: Session, check: CheckOf<'cases'>): Promise<readonly Finding[]> {
  const { status, holder, listing, seller, marketplace } = check.cases;
  const filter = {
    ...(status !== undefined && { status }),
    ...(holder !== undefined && { holder }),
    ...(listing !== undefined && { listing }),
    ...(seller !== undefined && { seller }),
    ...(marketplace !== undefined && { marketplace }),
  };
  return listed('cases', check, await listCases(session.em(), { ...filter, limit: MOST_LINES }));
}

/** What waits for an organisation's answer. */
export async function checkQueue(session: Session, check: CheckOf<'queue'>): Promise<readonly Finding[]> {
  const lines = await listCases(session.em(), { holder: check.queue, limit: MOST_LINES });
  return listed(
    'queue',
    check,
    lines.filter(({ status }) => status === 'awaiting-confirmation' || status === 'more-asked'),
  );
}

type Listed = { readonly count?: number | undefined; readonly listings?: readonly string[] | undefined };

function listed(subject: string, { count, listings }: Listed, lines: readonly { readonly listing: string }[]): readonly Finding[] {
  const wanted = listings === undefined ? undefined : [...listings].sort();
  const isOpen = count === undefined && listings !== undefined;
  return [...(isOpen ? [] : compareCount(subject, count, lines.length)), ...same('listings', wanted, lines.map(({ listing }) => listing).sort())];
}

/** A listing as the marketplace shows it, and what it was asked to do with it. */
export async function checkListing(session: Session, check: CheckOf<'listing'>): Promise<readonly Finding[]> {
  const listing = await session.outside.listing(check.listing);
  if (listing === undefined) return [{ field: ['listing'], ok: false, expected: check.listing, got: 'the marketplace does not know it' }];
  const requests = await session.outside.requests(check.listing);
  const effects = requests.filter(hadEffect);
  return [
    ...same('status', check.status, listing.status),
    ...same('orders', check.orders, listing.completedOrders),
    ...same('grounds', check.grounds, await session.em().count(GroundRow, { listing: check.listing })),
    ...sameCounts(
      'effects',
      check.effects,
      countBy(effects, ({ operation }) => operation),
    ),
    ...sameCounts(
      'answers',
      check.answers,
      countBy(requests, ({ outcome, result }) => (outcome === 'first' ? (result ?? 'none') : outcome)),
    ),
    ...sameCounts(
      'requests',
      check.requests,
      countBy(requests, ({ operation }) => operation),
    ),
    ...sameInstants(
      'at',
      check.at,
      effects.map(({ at }) => at),
    ),
  ];
}

/** A request that changed something: the first of its key, and not one that found the listing gone or edited. */
function hadEffect({ outcome, result }: MarketplaceRequest): boolean {
  return outcome === 'first' && (result === 'removed' || result === 'restored');
}

function countBy<T>(items: readonly T[], key: (item: T) => string): Record<string, number> {
  return Object.fromEntries([...Map.groupBy(items, key)].map(([name, members]) => [name, members.length]));
}

/** Rows of the ledger: each finding with its points. `points` is the sum over the rows that are not voided. */
export async function checkLedger(session: Session, check: CheckOf<'ledger'>): Promise<readonly Finding[]> {
  const { seller, listing, holder } = check.ledger;
  const filter = { ...(seller !== undefined && { seller }), ...(listing !== undefined && { listing }), ...(holder !== undefined && { holder }) };
  const rows = await session.em().find(LedgerRow, filter);
  const points = rows.filter((row) => row.voidedBy == null).reduce((sum, row) => sum + row.points, 0);
  const isOpen = check.count === undefined && check.points === 0;
  return [
    ...(isOpen ? [] : compareCount('ledger', check.count, rows.length)),
    ...same('points', check.points, points),
    ...rows.flatMap((row) => [
      ...sameInstant('counts-from', check['counts-from'], row.countsFrom),
      ...sameInstant('expires-at', check['expires-at'], row.expiresAt),
      ...same('voided', check.voided, row.voidedBy != null),
    ]),
  ];
}
