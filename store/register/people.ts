import { Capacity, PLATFORM } from '../../domain/aggregate.ts';
import { AggregateRow } from '../schema/entities/log.ts';
import { OrganisationRow, type PersonRow, SellerRow } from '../schema/entities/register.ts';
import { PartyRow } from '../schema/entities/projections.ts';
import { capacityOf } from '../log/facts.ts';
import type { Manager } from '../connection/orm.ts';
import { organisationBy } from './organisation-names.ts';
import { statement } from '../connection/statement.ts';

/** Who speaks: who, in which capacity, and for which organisations that can be a party. */
export interface Principal {
  readonly id: string;
  readonly capacity: Capacity;
  /** The capacity under which the parties of an aggregate are looked up. */
  readonly seenAs: Capacity;
  readonly organisations: readonly string[];
}

/** The person or seller of that id; undefined when there is none. */
export async function findPrincipal(em: Manager, who: string): Promise<Principal | undefined> {
  const [person] = await statement<KnownPerson>(em, 'select id, role, organisations from person where id = $1', [who]);
  if (person !== undefined) return principalOfPerson(em, person);
  const isSeller = (await em.count(SellerRow, { id: who })) > 0 || (await em.count(PartyRow, { organisation: who, capacity: Capacity.seller })) > 0;
  return isSeller ? { id: who, capacity: Capacity.seller, seenAs: Capacity.seller, organisations: [who] } : undefined;
}

type KnownPerson = Pick<PersonRow, 'id' | 'role' | 'organisations'>;

async function principalOfPerson(em: Manager, person: KnownPerson): Promise<Principal | undefined> {
  const capacity = capacityOf(person.role);
  switch (capacity) {
    case undefined:
      return undefined;
    case Capacity.rightsHolder:
      return { id: person.id, capacity, seenAs: capacity, organisations: [...new Set(person.organisations)] };
    case Capacity.accountManager: {
      const managed = await em.find(OrganisationRow, { accountManager: person.id }, { fields: ['id'] });
      // The person's row and the brand's row may both say so: the brand is one all the same.
      const organisations = [...new Set([...person.organisations, ...managed.map((row) => row.id)])];
      return { id: person.id, capacity, seenAs: Capacity.rightsHolder, organisations };
    }
    default:
      return { id: person.id, capacity, seenAs: capacity === Capacity.auditor ? Capacity.auditor : Capacity.governance, organisations: [PLATFORM] };
  }
}

/** The person id of an organisation's own desk: who answers for it where nobody is named. */
export function deskOf(organisation: string): string {
  return `desk:${organisation}`;
}

/** A name that several organisations go by: whoever meant one of them has to say which. */
export class AmbiguousName extends Error {
  readonly code = 'ambiguous-name';
  readonly cure = 'Name it by its id.';

  constructor(text: string, fits: readonly string[]) {
    super(`"${text}" fits ${fits.length} organisations: ${fits.join(', ')}.`);
    this.name = 'AmbiguousName';
  }
}

/** An organisation by id or by one of its names; the text itself when none is known by it. Throws `AmbiguousName` when several are. */
export async function organisationNamed(em: Manager, text: string): Promise<string> {
  const named = await organisationBy(em, text);
  if ('organisation' in named) return named.organisation;
  if (named.fits.length > 0) throw new AmbiguousName(text, named.fits);
  return text;
}

/** The newest case about a listing and a holder; the sealed one when none is open. */
export async function findCaseOf(em: Manager, listing: string, holder: string): Promise<string | undefined> {
  const row = await em.findOne(
    AggregateRow,
    { kind: 'case', listing, holder: await organisationNamed(em, holder) },
    { orderBy: { isFinal: 'asc', openedAt: 'desc', id: 'asc' }, fields: ['id'] },
  );
  return row?.id;
}
