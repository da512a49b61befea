import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RouteOptions } from 'fastify';
import { Capacity } from '../../domain/aggregate.ts';
import { type AggregateId, isAggregateId } from '../../domain/ids.ts';
import { ACCESS, IdKind, may, operationsOf, reachOf } from '../../api/access.ts';
import { isReached } from '../../api/guard.ts';
import { readAccessLog } from '../../store/access/access-log.ts';
import { registerEndpoint } from '../../store/outbox/webhooks.ts';
import { assess } from '../../store/log/assess-ledger.ts';
import { OutboxRow, OutboxState } from '../../store/schema/entities/outbox.ts';
import { ASSESS_MESSAGE } from '../../store/outbox/messages.ts';
import { type Manager, work } from '../../store/connection/orm.ts';
import { findPrincipal } from '../../store/register/people.ts';
import { readLogged } from '../../store/queries/aggregate.ts';
import { asParty } from '../../store/queries/as-party.ts';
import { changesAfter } from '../../store/queries/changes.ts';
import { listPage } from '../../store/queries/lists.ts';
import { sealedCase } from '../store/support.ts';
import { BODIES, type Owned, UNKNOWN } from './access-data.ts';
import { type Caller, type TestApi, type Got, openReferral, PEOPLE, type Role, startApi } from './support.ts';

let api: TestApi;
let a: Owned;
let b: Owned;
const callers = new Map<Role, Caller>();

/** A brand's sealed case, its seller's appeal, and the measure that followed, of which the seller was told. */
async function own(holder: string, seller: string): Promise<Owned> {
  const { db } = api;
  const cases = [];
  for (const n of [1, 2]) cases.push(await sealedCase(db, { listing: `m:${holder}-${n}`, holder, seller }));
  db.clock.pass(30 * 86_400_000);
  const em = work(db.store) as Manager;
  for (const letter of await em.find(OutboxRow, { kind: ASSESS_MESSAGE, state: OutboxState.waiting }, { orderBy: { dueAt: 'asc', id: 'asc' } }))
    await assess(db.context, letter);
  const measure = await newest(em, 'sanction', seller);
  const problemIn = {
    id: `${measure}/told`,
    aggregate: measure,
    n: 1,
    kind: 'sanction-taken',
    to: { seller: { '...': 'x' } },
    about: {},
    writtenAt: db.clock.now(),
    dueAt: db.clock.now(),
    state: OutboxState.delivered,
  };
  await em.insert(OutboxRow, problemIn);
  const [first = ''] = cases;
  const contested = await (await api.as(seller)).send('POST', `/api/cases/${first}/counter-notice`, { statement: 'It was mine.' });
  expect(contested.status, contested.text).toBe(200);
  const hook = await registerEndpoint(em, { organisation: holder, capacity: 'rights-holder', url: `https://${holder}.example/hook` }, db.clock.now());
  return {
    endpoint: hook.id,
    case: first,
    appeal: String(contested.body['aggregate']),
    sanction: measure,
    aggregate: first,
    organisation: holder,
    seller,
    referral: await openReferral(api, seller, 'police-de'),
    recipient: 'police-de',
  };
}

async function newest(em: Manager, kind: string, seller: string): Promise<string> {
  const rows = await em.execute<{ id: string }[]>(
    `select a.id from aggregate a join party p on p.aggregate = a.id where a.kind = ? and p.organisation = ? order by a.opened_at desc limit 1`,
    [kind, seller],
  );
  const [row] = rows;
  if (row === undefined) throw new Error(`${seller} has no ${kind}`);
  return row.id;
}

beforeAll(async () => {
  api = await startApi();
  a = await own('org-a', 'S-1');
  b = await own('org-b', 'S-2');
  for (const role of Object.keys(PEOPLE) as Role[]) callers.set(role, await api.as(PEOPLE[role]));
}, 60_000);
afterAll(() => api.close());

interface Guarded {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly access: NonNullable<NonNullable<RouteOptions['config']>['access']>;
}

/** Every route that asks the table, but those that end the caller's own session or never end. */
function guarded(): readonly Guarded[] {
  return api.app.apiRoutes.flatMap(({ method, url, config }) => {
    const access = config?.access;
    const isHead = method === 'HEAD' || (Array.isArray(method) && method.includes('HEAD'));
    if (access === undefined || isHead || url === '/api/live' || access.operation === 'session.end') return [];
    return [{ method: String(method) as Guarded['method'], url, access }];
  });
}

/** The request with the ids of one side filled in; with `only`, that one alone, the others from whoever asks. */
async function ask(caller: Caller, { method, url, access }: Guarded, ids: Owned, only?: string, mine: Owned = ids): Promise<Got> {
  let path = url
    .replace(':digest', `sha256:${'0'.repeat(64)}`)
    .replace(':key', 'no-such-key')
    .replace(':kind', url.includes('imports') ? 'rights' : 'cases');
  let body: object | undefined = BODIES[url] ?? (method === 'POST' ? {} : undefined);
  const query: string[] = url === '/api/audit/find' ? ['text=x'] : url.endsWith('/diff') ? ['since=x'] : [];
  for (const { kind, in: part, name } of access.ids ?? []) {
    const value = (only === undefined || only === `${part}.${name}` ? ids : mine)[kind];
    const isList = Array.isArray(Object.entries(BODIES[url] ?? {}).find(([key]) => key === name)?.[1]);
    if (part === 'params') path = path.replace(`:${name}`, encodeURIComponent(value));
    else if (part === 'body') body = { ...body, [name]: isList ? [value] : value };
    else if (only === undefined || only === `${part}.${name}`) query.push(`${name}=${encodeURIComponent(value)}`);
  }
  const full = query.length === 0 ? path : `${path}?${query.join('&')}`;
  return method === 'GET' ? caller.get(full) : caller.send(method, full, body);
}

/** The newest entry of somebody in the log of reads. */
async function newestRead(who: string) {
  return (await readAccessLog(work(api.deps.engine), { who, limit: 1 }))[0];
}

/** A problem without what names the single request. */
function problemIn({ status, body }: Got): unknown {
  const { instance: _, ...rest } = body;
  return { status, ...rest };
}

const capacityOf = async (role: Role) => (await findPrincipal(work(api.deps.engine), PEOPLE[role]))?.capacity ?? Capacity.engine;
const ROLES = Object.keys(PEOPLE) as Role[];
const isOfB = (role: Role) => role === 'other-rights-holder' || role === 'other-seller';

describe('the access table', () => {
  it('is what was agreed: operation by operation', () => {
    expect(ACCESS).toMatchSnapshot();
  });

  it('is asked by every address below /api but those for everybody', () => {
    const open = api.app.apiRoutes.filter(({ url, config }) => url.startsWith('/api/') && config?.access === undefined).map(({ url }) => url);
    expect([...new Set(open)].sort()).toEqual(['/api/calendar/:file', '/api/openapi.json', '/api/sign-in', '/api/sign-in/link']);
  });

  it('lets nobody in who is not signed in, whatever the id', async () => {
    for (const { method, url } of guarded()) {
      const answer = await api.app.inject({ method, url: url.replace(/:\w+/g, a.case), ...(method === 'GET' ? {} : { payload: {} }) });
      expect([method, url, answer.statusCode]).toEqual([method, url, 401]);
    }
  });

  it.each(ROLES)('%s: an operation it does not have is 403 whatever the id is', async (role) => {
    const capacity = await capacityOf(role);
    const caller = callers.get(role) ?? (await api.as(PEOPLE[role]));
    for (const guard of guarded()) {
      if (may(capacity, guard.access.operation)) continue;
      for (const ids of [a, b, UNKNOWN])
        expect([guard.url, problemIn(await ask(caller, guard, ids))]).toEqual([
          guard.url,
          expect.objectContaining({ status: 403, code: 'wrong-capacity' }),
        ]);
    }
  });

  it.each(ROLES)('%s: a foreign id is answered like an unknown one, for every id in a request', async (role) => {
    const capacity = await capacityOf(role);
    const caller = callers.get(role) ?? (await api.as(PEOPLE[role]));
    const [mine, foreign] = isOfB(role) ? [b, a] : [a, b];
    let asked = 0;
    for (const guard of guarded()) {
      const named = guard.access.ids ?? [];
      if (!may(capacity, guard.access.operation) || named.length === 0) continue;
      for (const { kind, in: part, name } of named) {
        const only = `${part}.${name}`;
        const isStaff = ['any', 'party'].includes(reachOf(capacity, kind)) && !['rights-holder', 'account-manager'].includes(capacity);
        const unknown = problemIn(await ask(caller, guard, UNKNOWN, only, mine));
        expect([guard.url, only, unknown]).toEqual([guard.url, only, expect.objectContaining({ status: 404 })]);
        // To the platform's own people nothing of their operator is foreign.
        if (isStaff) continue;
        expect([guard.url, only, problemIn(await ask(caller, guard, foreign, only, mine))]).toEqual([guard.url, only, unknown]);
        asked += 1;
      }
    }
    if (!['governance', 'auditor', 'liaison'].includes(role)) expect(asked).toBeGreaterThan(5);
  });

  it.each(ROLES)('%s: the guard alone, without what lies beneath it, reaches no foreign id of any kind', async (role) => {
    const who = await findPrincipal(work(api.deps.engine), PEOPLE[role]);
    if (who === undefined) throw new Error(role);
    const principal = { ...who, name: role, how: 'test' };
    const foreign = isOfB(role) ? a : b;
    // Recipients are no party's own, and to the platform's people nothing of their operator is foreign.
    const seen = ['governance', 'auditor', 'liaison'].includes(role);
    for (const kind of Object.values(IdKind).filter((one) => one !== IdKind.endpoint && (seen || one !== IdKind.recipient))) {
      expect([kind, await isReached(api.deps, principal, kind, foreign[kind])]).toEqual([kind, seen]);
      expect([kind, await isReached(api.deps, principal, kind, UNKNOWN[kind])]).toEqual([kind, false]);
    }
  });

  it.each(ROLES)('%s: reaches what is its own', async (role) => {
    const capacity = await capacityOf(role);
    const caller = callers.get(role) ?? (await api.as(PEOPLE[role]));
    const mine = isOfB(role) ? b : a;
    for (const guard of guarded()) {
      const named = guard.access.ids ?? [];
      const isMine = named.every(
        ({ kind }) =>
          reachOf(capacity, kind) !== 'none' &&
          !(kind === 'sanction' && capacity !== Capacity.seller && ['rights-holder', 'account-manager'].includes(capacity)),
      );
      if (
        !may(capacity, guard.access.operation) ||
        !isMine ||
        named.length === 0 ||
        guard.url.includes(':digest') ||
        !['read', 'export'].includes(guard.access.scope)
      )
        continue;
      const before = (await newestRead(PEOPLE[role]))?.id ?? 0;
      const answer = await ask(caller, guard, mine);
      // A packet that is not whole is reached and refused by its own rules.
      const reached = guard.url === '/api/packets/:id/file' && answer.body['code'] === 'refused' ? 200 : answer.status;
      expect([guard.url, reached], answer.text.slice(0, 300)).toEqual([guard.url, 200]);
      // Who looks at something of a case by its id is on record before it is answered.
      const shows = named.find((one) => one.in === 'params' && isAggregateId(mine[one.kind]));
      if (shows === undefined) continue;
      const noted = await newestRead(PEOPLE[role]);
      expect([guard.url, noted?.aggregate, (noted?.id ?? 0) > before]).toEqual([guard.url, mine[shows.kind], true]);
    }
  });

  it('a whole list that leaves as a file is on record too', async () => {
    await callers.get('auditor')?.get('/api/exports/cases?format=jsonl');
    expect(await newestRead(PEOPLE.auditor)).toMatchObject({ operation: 'case.export', aggregate: 'list:cases' });
  });

  it('beneath it the row policies show a foreign party nothing, whatever a route forgets', async () => {
    const everything = (party: { organisations: readonly string[]; seenAs: string }) =>
      asParty(api.deps.portal, party, async (em) => ({
        view: (await readLogged(em, a.case as AggregateId)) === undefined,
        list: (await listPage(em, { kind: 'case' }, 100)).map(({ holder }) => holder),
        changes: (await changesAfter(em, { xid: 0, id: 0 }, 500)).some(({ aggregate }) => aggregate === a.case),
      }));
    const foreign = await everything({ organisations: ['org-b'], seenAs: 'rights-holder' });
    expect([foreign.view, new Set(foreign.list), foreign.changes]).toEqual([true, new Set(['org-b']), false]);
    for (const nobody of [
      { organisations: [], seenAs: 'rights-holder' },
      { organisations: ['org-a"}', '{org-a}', 'org-a,org-b'], seenAs: 'rights-holder' },
      { organisations: ['org-a'], seenAs: '' },
    ])
      expect(await everything(nobody)).toEqual({ view: true, list: [], changes: false });
    expect(new Set((await everything({ organisations: ['org-a'], seenAs: 'rights-holder' })).list)).toEqual(new Set(['org-a']));
  });

  it('a list never holds a foreign line, whatever the filters', async () => {
    const brand = callers.get('rights-holder');
    const seller = callers.get('seller');
    for (const path of ['/api/cases', '/api/appeals']) {
      for (const filter of ['', '?marketplace=m', '?open=false']) {
        expect((await brand?.get(`${path}${filter}`))?.text).not.toContain('org-b');
        expect((await seller?.get(`${path}${filter}`))?.text).not.toContain('org-b');
      }
    }
    for (const path of ['/api/counts', '/api/queue', '/api/rights', '/api/references', '/api/authorised-sellers', '/api/exports/cases?format=jsonl'])
      expect((await brand?.get(path))?.text, path).not.toContain('org-b');
  });

  it('has no operation without a route, and tells a session what it may', async () => {
    const routed = new Set(api.app.apiRoutes.map(({ config }) => config?.access?.operation));
    expect((Object.keys(ACCESS) as (keyof typeof ACCESS)[]).filter((operation) => !routed.has(operation))).toEqual([]);
    const session = await callers.get('liaison')?.get('/api/session');
    expect(session?.body['may']).toEqual(operationsOf(Capacity.liaison));
  });
});
