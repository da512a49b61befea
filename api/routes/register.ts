import { Capacity } from '../../domain/aggregate.ts';
import { countsAt, pointsAt, stepOf } from '../../domain/ledger/points.ts';
import { nameOf } from '../../store/access/sign-in.ts';
import { work } from '../../store/connection/orm.ts';
import { aliasesOf } from '../../store/queries/aggregate.ts';
import { toldToSeller } from '../../store/queries/lists.ts';
import {
  accountsOf,
  authorisedPage,
  keyText,
  ledgerOfSellers,
  referencesPage,
  rightsPage,
  sellerRow,
  sellersPage,
} from '../../store/queries/register-pages.ts';
import { referenceOut, rightOut } from '../case/register.ts';
import { cursorOfText, readTextCursor } from '../cursor.ts';
import type { ServerDeps } from '../deps.ts';
import { type Fault, Faults } from '../faults.ts';
import type { Principal } from '../identity.ts';
import { type App, principalOf, READ_PROBLEMS } from '../route.ts';
import { aggregateParam } from '../schemas/basics.ts';
import {
  authorisedSchema,
  referencesSchema,
  registerQuery,
  rightsSchema,
  sellerQuery,
  sellersSchema,
  type SellerView,
  sellerViewSchema,
} from '../schemas/register.ts';

const REGISTER_TAGS = ['register'];
const OF_HOLDER = [{ kind: 'organisation', in: 'query', name: 'holder' }] as const;
const OF_REGISTER = { operation: 'register.read', scope: 'read', ids: OF_HOLDER } as const;

/** Rights, authorised sellers, reference products and sellers as the register holds them. */
export function addRegisterRoutes(app: App, deps: ServerDeps): void {
  const access = OF_REGISTER;
  const tags = REGISTER_TAGS;
  app.get(
    '/api/rights',
    {
      config: { access },
      schema: { tags, summary: 'Registered rights', querystring: registerQuery, response: { 200: rightsSchema, ...READ_PROBLEMS } },
    },
    async (request) => {
      const { limit, cursor, holder } = request.query;
      const organisations = scopeOf(principalOf(request), holder);
      const rows = await rightsPage(work(deps.engine), { limit: limit + 1, after: readTextCursor(cursor), organisations });
      return readable(
        deps,
        'rights',
        paged(
          rows,
          limit,
          (row) => row.id,
          (row) => row,
        ),
        ({ id }) => id,
        rightOut,
      );
    },
  );
  app.get(
    '/api/authorised-sellers',
    {
      config: { access },
      schema: { tags, summary: 'Who may sell', querystring: registerQuery, response: { 200: authorisedSchema, ...READ_PROBLEMS } },
    },
    async (request) => {
      const { limit, cursor, holder } = request.query;
      const organisations = scopeOf(principalOf(request), holder);
      const rows = await authorisedPage(work(deps.engine), { limit: limit + 1, after: readTextCursor(cursor, 4), organisations });
      return paged(
        rows,
        limit,
        (row) => keyText(row.organisation, row.seller, row.market, row.from),
        ({ seller, organisation, market, from, until }) => ({
          seller,
          organisation,
          market: market === '' ? null : market,
          from: from === '' ? null : from,
          until: until ?? null,
        }),
      );
    },
  );
  addReferences(app, deps);
  addSellers(app, deps);
}

function addReferences(app: App, deps: ServerDeps): void {
  app.get(
    '/api/references',
    {
      config: { access: OF_REGISTER },
      schema: {
        tags: REGISTER_TAGS,
        summary: 'Reference products',
        querystring: registerQuery,
        response: { 200: referencesSchema, ...READ_PROBLEMS },
      },
    },
    async (request) => {
      const { limit, cursor, holder } = request.query;
      const em = work(deps.engine);
      const organisations = scopeOf(principalOf(request), holder);
      const brands =
        organisations === undefined ? undefined : (await Promise.all(organisations.map((id) => aliasesOf(work(deps.engine), id)))).flat();
      const rows = await referencesPage(em, { limit: limit + 1, after: readTextCursor(cursor, 3) }, brands);
      const page = paged(
        rows,
        limit,
        (row) => keyText(row.brand, row.partNumber, row.currency),
        (row) => row,
      );
      return readable(deps, 'references', page, ({ brand, partNumber }) => `${brand} ${partNumber}`, referenceOut);
    },
  );
}

/** Brands see their own register; an organisation that the query names was asked for by the guard. */
function scopeOf(who: Principal, holder: string | undefined): readonly string[] | undefined {
  if (holder !== undefined) return [holder];
  return who.seenAs === Capacity.rightsHolder ? who.organisations : undefined;
}

function paged<T, L>(rows: readonly T[], limit: number, key: (row: T) => string, line: (row: T) => L): { lines: L[]; next: string | null } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { lines: page.map(line), next: rows.length > limit && last !== undefined ? cursorOfText(key(last)) : null };
}

/** The page's rows as the API shows them; one that cannot be read is named in `faults`, and the others stand. */
async function readable<T, L>(
  deps: ServerDeps,
  what: string,
  { lines, next }: { readonly lines: readonly T[]; readonly next: string | null },
  keyOf: (row: T) => string,
  make: (row: T) => L,
): Promise<{ lines: L[]; next: string | null; faults: Fault[] }> {
  const faults = new Faults(deps, `list:${what}`);
  return { lines: await faults.each('lines', lines, keyOf, make), next, faults: faults.found };
}

function addSellers(app: App, deps: ServerDeps): void {
  const tags = ['sellers'];
  app.get(
    '/api/sellers',
    {
      config: { access: { operation: 'seller.list', scope: 'read' } },
      schema: { tags, summary: 'Sellers of the register', querystring: sellerQuery, response: { 200: sellersSchema, ...READ_PROBLEMS } },
    },
    async (request) => {
      const { limit, cursor, text } = request.query;
      const rows = await sellersPage(work(deps.engine), { limit: limit + 1, after: readTextCursor(cursor) }, text);
      return paged(
        rows,
        limit,
        (row) => row.id,
        ({ id, market, row }) => ({
          id,
          name: textOf(row['name']),
          market: market ?? null,
          siteStatus: textOf(row['siteStatus']),
        }),
      );
    },
  );
  app.get(
    '/api/sellers/:id',
    {
      config: { access: { operation: 'seller.read', scope: 'read', ids: [{ kind: 'seller', in: 'params', name: 'id' }] } },
      schema: {
        tags,
        summary: 'A seller: its points, when they go, and the ladder',
        params: aggregateParam.extend({ id: aggregateParam.shape.id.max(256) }),
        response: { 200: sellerViewSchema, ...READ_PROBLEMS },
      },
    },
    (request) => sellerFor(deps, principalOf(request), request.params.id),
  );
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

async function sellerFor(deps: ServerDeps, who: Principal, id: string): Promise<SellerView> {
  const em = work(deps.engine);
  const row = await sellerRow(em, id);
  const isSelf = who.capacity === Capacity.seller;
  const accounts = isSelf ? [id] : await accountsOf(em, id);
  const told = isSelf ? await toldToSeller(em, id, 'case') : undefined;
  const ledger = (await ledgerOfSellers(em, accounts)).filter((line) => told === undefined || told.includes(line.case));
  const now = deps.clock.now();
  const { digest, values } = await deps.policies.current(em, now);
  const points = pointsAt(ledger, now);
  return {
    id,
    name: row === null ? null : await nameOf(em, id),
    market: row?.market ?? null,
    siteStatus: textOf(row?.row['siteStatus']),
    accounts: [...accounts],
    at: now,
    points,
    step: stepOf(values.ledger.steps, points) ?? null,
    ladder: values.ledger.steps.map(({ points: from, measure }) => ({ points: from, measure })),
    ledger: ledger.map((line) => ({ ...line, counts: countsAt(line, now) })),
    policy: digest,
  };
}
