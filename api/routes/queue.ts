import { z } from 'zod';
import { Capacity } from '../../domain/aggregate.ts';
import { CaseStatus } from '../../domain/case/model.ts';
import type { AggregateId } from '../../domain/ids.ts';
import { refuse as refusedByRules } from '../../domain/refusals.ts';
import { logAccess } from '../../store/access/access-log.ts';
import { claim, release } from '../../store/access/claims.ts';
import { AggregateRow } from '../../store/schema/entities/log.ts';
import { nameOf } from '../../store/access/sign-in.ts';
import { work } from '../../store/connection/orm.ts';
import { asParty } from '../../store/queries/as-party.ts';
import { countOpen, listPage } from '../../store/queries/lists.ts';
import { viewFor } from '../case/view.ts';
import { cursorOf, readCursor } from '../cursor.ts';
import type { ServerDeps } from '../deps.ts';
import { Faults } from '../faults.ts';
import type { Principal } from '../identity.ts';
import { withNames } from '../lists.ts';
import { noteRead } from '../note-read.ts';
import { ofRefusal, problem, Refused, sendProblem } from '../problems.ts';
import { type App, principalOf, READ_PROBLEMS, WRITE_PROBLEMS } from '../route.ts';
import { aggregateParam } from '../schemas/basics.ts';
import { claimSchema, type Queue, type QueueQuery, queueQuery, queueSchema } from '../schemas/queue.ts';

/** Nobody ends a claim that runs out. */
const BY_TIME = { capacity: Capacity.engine, how: 'time' };
const WAITS_FOR_BRAND: readonly string[] = [CaseStatus.awaiting, CaseStatus.moreAsked];

/** The reviewer's queue, and who works on what. */
export function addQueueRoutes(app: App, deps: ServerDeps): void {
  app.get(
    '/api/queue',
    {
      config: { access: { operation: 'queue.read', scope: 'read', ids: [{ kind: 'organisation', in: 'query', name: 'holder' }] } },
      schema: {
        tags: ['queue'],
        summary: 'What waits for the brand, the oldest deadline first',
        querystring: queueQuery,
        response: { 200: queueSchema, ...READ_PROBLEMS },
      },
    },
    (request) => queueFor(deps, principalOf(request), request.query),
  );
  const ids = [{ kind: 'case', in: 'params', name: 'id' }] as const;
  app.put(
    '/api/cases/:id/claim',
    {
      config: { access: { operation: 'case.claim', scope: 'write', ids } },
      schema: {
        tags: ['queue'],
        summary: 'Takes a case up, or goes on with it',
        params: aggregateParam,
        response: { 200: claimSchema, ...WRITE_PROBLEMS },
      },
    },
    async (request, reply) => {
      const who = principalOf(request);
      const em = work(deps.engine);
      const { id } = request.params;
      const now = deps.clock.now();
      const row = await asParty(deps.portal, who, (portal) => portal.findOne(AggregateRow, { id }, { fields: ['isFinal'] }));
      if (row?.isFinal === true) return sendProblem(request, reply, ofRefusal(refusedByRules('is-final').refused));
      const { ranOut, ...held } = await claim(em, id, who.id, now);
      if (ranOut !== undefined)
        await logAccess(em, { ...BY_TIME, at: ranOut.until, who: ranOut.who, operation: 'case.claim-ran-out', aggregate: id });
      const name = await nameOf(em, held.who);
      if (held.who !== who.id) return sendProblem(request, reply, problem('claimed', { detail: `${name} works on this case until ${held.until}.` }));
      if (held.since === now) await noteRead(deps, who, 'case.claim', id);
      return reply.send({ ...held, name, isMine: true });
    },
  );
  app.delete(
    '/api/cases/:id/claim',
    {
      config: { access: { operation: 'case.claim', scope: 'write', ids } },
      schema: {
        tags: ['queue'],
        summary: 'Gives a case back',
        params: aggregateParam,
        response: { 204: z.undefined().describe('Not yours (any more)'), ...WRITE_PROBLEMS },
      },
    },
    async (request, reply) => {
      const who = principalOf(request);
      const { id } = request.params;
      if (await release(work(deps.engine), id, who.id)) await noteRead(deps, who, 'case.release', id);
      return reply.status(204).send();
    },
  );
}

async function queueFor(deps: ServerDeps, who: Principal, { holder, limit, cursor }: QueueQuery): Promise<Queue> {
  const mine = who.seenAs === Capacity.rightsHolder ? { holders: who.organisations } : {};
  const filter = { kind: 'case', statuses: WAITS_FOR_BRAND, ...mine, ...(holder !== undefined && { holders: [holder] }) } as const;
  const { rows, total } = await asParty(deps.portal, who, async (em) => ({
    rows: await listPage(em, filter, limit + 1, readCursor(cursor)),
    total: await countOpen(em, filter),
  }));
  const page = rows.slice(0, limit);
  const items = [];
  const faulty = [];
  for (const row of page) {
    try {
      // The id is one that the log gave.
      items.push(await viewFor(deps, who, row.id as AggregateId));
    } catch (error) {
      // Out of the reader's sight since the list was read.
      if (error instanceof Refused) continue;
      const [line] = await withNames(deps, who, [row]);
      if (line !== undefined) faulty.push({ ...line, fault: new Faults(deps, row.id).note('queue', error) });
    }
    await noteRead(deps, who, 'queue.read', row.id);
  }
  const last = page.at(-1);
  return {
    at: deps.clock.now(),
    waiting: total.count,
    nextDue: total.nextDue,
    items,
    faulty,
    next: rows.length > limit && last !== undefined ? cursorOf(last) : null,
  };
}
