import type { Clock } from '../../domain/clock.ts';
import { Capacity } from '../../domain/aggregate.ts';
import { sha256Hex } from '../../domain/canonical.ts';
import type { CaseState } from '../../domain/case/model.ts';
import { resolveOwner } from '../../domain/detection/owners.ts';
import { caseKey } from '../../domain/ids.ts';
import { calendarOf } from './calendar-of.ts';
import { OrganisationRow, RightRow } from '../schema/entities/register.ts';
import { acceptMessage } from '../log/inbox.ts';
import { shareAggregate } from '../log/locks.ts';
import { PolicyCache } from '../log/context.ts';
import type { Manager } from '../connection/orm.ts';
import { OWNER_OF_RECORD, organisationNames } from './organisation-names.ts';
import { statement } from '../connection/statement.ts';

/** An owner of record that turned out to be an organisation, with how many cases became its own. */
export interface Adopted {
  readonly owner: string;
  readonly name: string;
  readonly organisation: string;
  readonly cases: number;
}

/**
 * Rights may be imported before the organisation that owns them: until then an owner of record stands for it. As soon as the name is
 * that of one organisation, rights, authorised sellers and cases become its own, so that the order of files makes no difference. Open
 * cases are told by a message and decide on it; closed chains stay as they are, and only lists and natural keys follow. A name that
 * fits two organisations adopts nothing. Must run inside the import's transaction.
 */
export async function adoptOwners(em: Manager, clock: Clock): Promise<readonly Adopted[]> {
  const names = await organisationNames(em, false);
  const owners = await em.find(OrganisationRow, { kind: OWNER_OF_RECORD, adoptedBy: null }, { orderBy: { id: 'asc' } });
  const left = await moveRights(em, names);
  const adopted: Adopted[] = [];
  for (const { id, name } of owners) {
    const found = resolveOwner(name, names);
    const whole = 'organisation' in found && !left.keeps.has(id) ? found.organisation : undefined;
    if (whole === undefined && !left.lost.has(id)) continue;
    if (whole !== undefined) await adoptWhole(em, clock, id, whole);
    const cases = await moveCases(em, clock, id, whole);
    if (whole !== undefined) adopted.push({ owner: id, name, organisation: whole, cases });
  }
  return adopted;
}

/** Rights go to the organisation that their owner names; returns who keeps some and who lost some. */
async function moveRights(em: Manager, names: Awaited<ReturnType<typeof organisationNames>>) {
  const lost = new Set<string>();
  const keeps = new Set<string>();
  for (const right of await em.find(RightRow, { organisation: { $ne: null } })) {
    const { owner } = right.row as { owner?: string };
    const holder = right.organisation ?? '';
    const found = owner === undefined ? undefined : resolveOwner(owner, names);
    if (found === undefined || !('organisation' in found) || found.organisation === holder) {
      keeps.add(holder);
      continue;
    }
    lost.add(holder);
    await em.nativeUpdate(RightRow, { id: right.id }, { organisation: found.organisation });
  }
  return { lost, keeps };
}

async function adoptWhole(em: Manager, clock: Clock, owner: string, organisation: string): Promise<void> {
  await em.nativeUpdate(OrganisationRow, { id: owner }, { adoptedBy: organisation, adoptedAt: clock.now() });
  await statement(em, 'delete from organisation_alias where organisation = $1', [owner]);
  await statement(
    em,
    `insert into authorised_seller (seller, organisation, market, "from", until)
     select seller, $2, market, "from", until from authorised_seller where organisation = $1 on conflict do nothing`,
    [owner, organisation],
  );
  await statement(em, 'delete from authorised_seller where organisation = $1', [owner]);
}

interface Held {
  readonly id: string;
  readonly kind: string;
  readonly is_final: boolean;
  readonly state: Pick<CaseState, 'rights' | 'market'>;
}

/** Cases and appeals of the owner become those of the organisation that holds their rights, else of the one that the owner turned out to be. */
async function moveCases(em: Manager, clock: Clock, owner: string, whole: string | undefined): Promise<number> {
  const held = await statement<Held>(
    em,
    "select id, kind, is_final, state from aggregate where kind in ('case', 'appeal') and holder = $1 order by id",
    [owner],
  );
  let cases = 0;
  for (const one of held) {
    const organisation = (await holderOfRights(em, owner, one.state.rights ?? [])) ?? whole;
    if (organisation === undefined) continue;
    await moveCase(em, clock, one, owner, organisation);
    if (one.kind === 'case') cases += 1;
  }
  return cases;
}

async function holderOfRights(em: Manager, owner: string, rights: readonly string[]): Promise<string | undefined> {
  const rows = await em.find(RightRow, { id: { $in: [...rights] } }, { fields: ['organisation'] });
  const holders = new Set(rows.map(({ organisation }) => organisation));
  const [only] = holders;
  return holders.size === 1 && only != null && only !== owner ? only : undefined;
}

async function moveCase(em: Manager, clock: Clock, { id, kind, is_final: isFinal, state }: Held, owner: string, organisation: string): Promise<void> {
  // The aggregate's lock comes first, as everywhere.
  await shareAggregate(em, id);
  if (kind === 'case') await addKeys(em, id, owner, organisation);
  await statement(em, 'insert into party (aggregate, organisation, capacity) values ($1, $2, $3) on conflict do nothing', [
    id,
    organisation,
    Capacity.rightsHolder,
  ]);
  await statement(em, 'update aggregate set holder = $2 where id = $1', [id, organisation]);
  if (isFinal || kind !== 'case') return;
  const { values } = await new PolicyCache().current(em, clock.now());
  const calendar = await calendarOf(em, organisation, state.market, values);
  const content = { by: { capacity: Capacity.engine }, kind: 'adoptHolder', holder: organisation, calendar };
  const fingerprint = sha256Hex(JSON.stringify([id, organisation]));
  await acceptMessage(em, clock, { id: `adopt:${fingerprint}`, aggregate: id, sender: 'import', content, fingerprint });
}

/** What was opened for the owner is known for the organisation: the next sweep opens nothing twice. */
async function addKeys(em: Manager, id: string, owner: string, organisation: string): Promise<void> {
  const rows = await statement<{ key: string }>(em, 'select key from natural_key where aggregate = $1', [id]);
  for (const { key } of rows) {
    // Written by caseKey: the kind and four texts.
    const [, marketplace = '', listing = '', holder = '', version = ''] = JSON.parse(key) as readonly string[];
    if (holder !== owner) continue;
    const known = caseKey(marketplace, listing, organisation, version);
    await statement(em, 'insert into natural_key (key, aggregate) values ($1, $2) on conflict do nothing', [known, id]);
  }
}
