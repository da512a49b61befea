import type { FastifyRequest } from 'fastify';
import { isAggregateId, kindOf } from '../domain/ids.ts';
import { endpointsOf } from '../store/outbox/webhooks.ts';
import { AggregateRow } from '../store/schema/entities/log.ts';
import { OrganisationRow, RecipientRow, SellerRow } from '../store/schema/entities/register.ts';
import { PartyRow, ReferralBrandRow } from '../store/schema/entities/projections.ts';
import { work } from '../store/connection/orm.ts';
import { asParty } from '../store/queries/as-party.ts';
import { toldToSeller } from '../store/queries/lists.ts';
import { IdKind, may, type Operation, type Reach, reachOf } from './access.ts';
import type { ServerDeps } from './deps.ts';
import { identify, type Principal } from './identity.ts';
import { refuse } from './problems.ts';

/** An id that a request names, or a list of them, and where. */
export interface NamedId {
  readonly kind: IdKind;
  readonly in: 'params' | 'query' | 'body';
  readonly name: string;
}

/** What a route asks of the access table; `scope` is what a machine's key must have. */
export interface RouteAccess {
  readonly operation: Operation;
  readonly ids?: readonly NamedId[];
  readonly scope: 'read' | 'write' | 'export' | 'webhooks';
}

/** Whether the capacity has the operation; says nothing of any id. */
export function checkOperation(who: Principal | undefined, { operation, scope }: RouteAccess): asserts who is Principal {
  if (who === undefined) refuse('not-signed-in');
  if (!may(who.capacity, operation)) refuse('wrong-capacity');
  if (who.scopes !== undefined && !who.scopes.includes(scope)) refuse('wrong-scope', { cure: `Use a key with the scope "${scope}".` });
}

/**
 * For whom an answer that stays open is read from now on: organisations, capacity and scopes as they are at this moment. Undefined
 * when a new request of the same reader would be refused. The open page alone keeps no session alive.
 */
export async function readerNow(deps: ServerDeps, request: FastifyRequest): Promise<Principal | undefined> {
  const { access } = request.routeOptions.config;
  const who = await identify(deps, request, 'unseen');
  if (access === undefined || who === undefined || !may(who.capacity, access.operation)) return undefined;
  return who.scopes === undefined || who.scopes.includes(access.scope) ? who : undefined;
}

/** Asks for every id that the request names, secondary ones too. Unknown and foreign ids end alike. */
export async function checkIds(deps: ServerDeps, who: Principal, request: FastifyRequest, ids: readonly NamedId[]): Promise<void> {
  for (const { kind, in: part, name } of ids) {
    const holder: unknown = request[part];
    const value = typeof holder === 'object' && holder !== null ? Object.entries(holder).find(([key]) => key === name)?.[1] : undefined;
    if (value === undefined) continue;
    for (const one of Array.isArray(value) ? value : [value])
      if (typeof one !== 'string' || !(await isReached(deps, who, kind, one))) refuse('not-found');
  }
}

/** Whether an id is in reach of somebody. */
export async function isReached(deps: ServerDeps, who: Principal, kind: IdKind, id: string): Promise<boolean> {
  const reach = reachOf(who.capacity, kind);
  if (reach === 'none' || id.includes('\u0000')) return false;
  if (kind === IdKind.organisation)
    return reach === 'own' ? who.organisations.includes(id) : (await work(deps.engine).count(OrganisationRow, { id })) > 0;
  if (kind === IdKind.seller) return reach === 'own' ? who.id === id : isSeller(deps, id);
  if (kind === IdKind.endpoint) return (await endpointsOf(work(deps.engine), who.organisations)).some((endpoint) => endpoint.id === id);
  if (kind === IdKind.recipient) return (await work(deps.engine).count(RecipientRow, { id })) > 0;
  return isAggregateId(id) && (kind === IdKind.aggregate || kindOf(id) === kind) && seesAggregate(deps, who, id, reach);
}

async function isSeller(deps: ServerDeps, id: string): Promise<boolean> {
  const em = work(deps.engine);
  return (await em.count(SellerRow, { id })) > 0 || (await em.count(PartyRow, { organisation: id, capacity: 'seller' })) > 0;
}

async function seesAggregate(deps: ServerDeps, who: Principal, id: string, reach: Reach): Promise<boolean> {
  if (reach === 'concerned') return asParty(deps.portal, who, async (em) => (await em.count(ReferralBrandRow, { referral: id })) > 0);
  const isParty = await asParty(deps.portal, who, async (em) => (await em.count(AggregateRow, { id })) > 0);
  if (!isParty || reach !== 'told') return isParty;
  return (await toldToSeller(work(deps.engine), who.id)).includes(id);
}
