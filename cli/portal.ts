import { setTimeout as pause } from 'node:timers/promises';
import { PersonRow } from '../store/schema/entities/register.ts';
import { makeLink, nameOf } from '../store/access/sign-in.ts';
import { type Manager, work } from '../store/connection/orm.ts';
import { publisherOf } from '../embedded/publish.ts';
import type { Context } from './context.ts';
import { assemblePacket } from './packet.ts';

/** The API, listening. */
export interface RunningPortal {
  readonly origin: string;
  stop(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';

/** Starts the HTTP API, on the loopback address unless told otherwise, on the command line's own connections and one with the portal's role. */
export async function startPortal(context: Context, port: number, host = LOOPBACK): Promise<RunningPortal> {
  const [
    { createServer },
    { openStore },
    { directoryVault },
    { PolicyCache },
    { parsePolicy },
    { nodeRulebook },
    { exportHistory },
    { serverLog },
    { ensurePages },
  ] = await Promise.all([
    import('../api/server.ts'),
    import('../store/connection/orm.ts'),
    import('../adapters/directory-vault.ts'),
    import('../store/log/context.ts'),
    import('../policies/load.ts'),
    import('../verifier/entry/node-rulebook.ts'),
    import('./history.ts'),
    import('../worker/server-log.ts'),
    import('./build-pages.ts'),
  ]);
  const pages = await ensurePages((line) => process.stderr.write(`${line}\n`));
  const { trustedProxies } = context.config.portal;
  const { portalUrl, vaultDir, marketplaceUrl } = await context.places();
  const engine = await context.store();
  const portal = await openStore({ url: portalUrl, operator: context.config.operator, poolSize: 8 });
  const origin = context.config.portal.origin ?? `http://${LOOPBACK}:${port}`;
  const vault = directoryVault({ dir: vaultDir });
  const app = await createServer({
    engine,
    portal,
    clock: context.clock,
    client: await context.client(),
    policies: new PolicyCache(),
    vault,
    origin,
    parsePolicy: (text) => parsePolicy(text, 'the policy'),
    historyOf: async (id, redacted) => exportHistory({ em: work(engine), id, temporal: await context.temporal(), vault, redacted }),
    packetOf: (id, options) => assemblePacket(work(engine) as Manager, vault, id, options),
    rulebook: () => nodeRulebook({ fromOwnStore: true }),
    ...(pages !== undefined && { pages }),
    ...(context.config.marketplace.embedded && { publish: publisherOf(marketplaceUrl) }),
    privateWebhooks: context.config.database.embedded,
    ...oidcOf(context),
    ...(trustedProxies !== undefined && { trustedProxies }),
    documentBytes: context.config.portal.documentBytes,
    log: serverLog(),
  });
  await app.listen({ host, port });
  return {
    origin,
    stop: async () => {
      // Streams that are open would hold the close; they come back by themselves.
      await Promise.race([app.close(), pause(3_000)]);
      await portal.close();
    },
  };
}

function oidcOf({ config, oidcSecret }: Context) {
  const { oidc } = config.portal;
  return oidc === undefined || oidcSecret === undefined ? {} : { oidc: { ...oidc, clientSecret: oidcSecret } };
}

/** Links printed at the start, on the machine of whoever started it: a day is made up. */
const PRINTED_LASTS_MS = 24 * 3_600_000;

/** How many people of each role are greeted at the start. */
const GREETED: readonly (readonly [role: string, count: number])[] = [
  ['governance-officer', 2],
  ['brand-reviewer', 2],
  ['account-manager', 1],
  ['compliance-auditor', 1],
  ['authority-liaison', 1],
];

/** A link that signs somebody in once. */
export interface PrintedLink {
  readonly who: string;
  readonly name: string;
  readonly role: string;
  readonly url: string;
}

/** The seller with most removals: who has only been suspected was not told of anything. */
const TOLD_SELLER = `select organisation from party join aggregate on id = aggregate
  where capacity = 'seller' and kind = 'case' and status = 'actioned' group by organisation order by count(*) desc, organisation limit 1`;

/** One-time links for one person of each role (two where two are needed), for an agent, and for a seller who was told of a removal. */
export async function printedLinks(context: Context, origin: string): Promise<readonly PrintedLink[]> {
  const em = await context.work();
  const now = context.clock.now();
  const people: { who: string; role: string }[] = [];
  for (const [role, count] of GREETED) {
    const rows = await em.find(PersonRow, { role, revokedAt: null, mail: { $ne: null } }, { orderBy: { id: 'desc' } });
    const ofDifferent = role === 'brand-reviewer' ? firstOfEach(rows) : [...rows].reverse();
    people.push(...ofDifferent.slice(0, count).map((row) => ({ who: row.id, role })));
    const agent = rows.find((row) => role === 'brand-reviewer' && row.organisations.length > 1);
    if (agent !== undefined) people.push({ who: agent.id, role: `agent of ${agent.organisations.length} brands` });
  }
  const [seller] = await em.execute<{ organisation: string }[]>(TOLD_SELLER);
  if (seller !== undefined) people.push({ who: seller.organisation, role: 'seller' });
  const links: PrintedLink[] = [];
  for (const { who, role } of people)
    links.push({ who, role, name: await nameOf(em, who), url: `${origin}/sign-in/${await makeLink(em, who, now, PRINTED_LASTS_MS)}` });
  return links;
}

/** Reviewers of one brand each, no brand twice. */
function firstOfEach(rows: readonly PersonRow[]): readonly PersonRow[] {
  const single = rows.filter((row) => row.organisations.length === 1);
  return [...Map.groupBy(single, (row) => row.organisations[0]).values()].flatMap((group) => group.slice(0, 1));
}
