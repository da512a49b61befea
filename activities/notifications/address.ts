import type { Recipient } from '../../domain/aggregate.ts';
import type { Instant } from '../../domain/instant.ts';
import { OrganisationRow, PersonRow, RecipientRow, SellerRow } from '../../store/schema/entities/register.ts';
import { disclosed } from '../../store/log/disclosures.ts';
import { standingHolder } from '../../store/register/holders.ts';
import type { Manager } from '../../store/connection/orm.ts';
import type { Audience } from '../../notifications/parameters.ts';

/** Where a notification can go: a mail address list, a shop's message box, or nowhere. `next` is the channel after a refusal. */
export type Address =
  | { readonly channel: 'mail'; readonly to: string; readonly next?: Extract<Address, { channel: 'shop' }> }
  | { readonly channel: 'shop'; readonly shop: string }
  | { readonly channel: 'none' };

/** Whom a notification reaches: where, and in which language they are written to; undefined where nothing is known. */
export interface Reached {
  readonly address: Address;
  readonly language?: string | undefined;
}

const NOBODY: Reached = { address: { channel: 'none' } };
const OFFICER = 'governance-officer';
const LIAISON = 'authority-liaison';

/** What the register knows of whoever has a mail address. */
interface Known {
  readonly mail?: string | null | undefined;
  readonly language?: string | null | undefined;
}

/**
 * Resolves a recipient at an instant: an organisation's mail, a person's mail, all officers with mail, a seller's mail and
 * else its shop; an authority's mail; those who deal with authorities. An erased seller and whoever has no mail is `none`. Throws for notifications to aggregates, which are no mail.
 */
export async function resolveRecipient(em: Manager, to: Recipient, at: Instant): Promise<Reached> {
  if ('organisation' in to) return byMail(await em.findOne(OrganisationRow, { id: await standingHolder(em, to.organisation) }));
  if ('person' in to) return byMail(await em.findOne(PersonRow, { id: to.person }));
  if ('authority' in to) return byMail(await em.findOne(RecipientRow, { id: to.authority }));
  if ('liaison' in to) return liaisons(em, at);
  if ('governance' in to) return officers(await em.find(PersonRow, { role: OFFICER }, { orderBy: { id: 'asc' } }), at);
  if ('aggregate' in to) throw new TypeError('a notification to an aggregate is a message, not a mail');
  const seller = await disclosed(em, to.seller);
  if (seller === undefined) return NOBODY;
  const row = await em.findOne(SellerRow, { id: seller });
  const shop = { channel: 'shop', shop: seller } as const;
  return { address: row?.mail ? { channel: 'mail', to: row.mail, next: shop } : shop, language: row?.language ?? undefined };
}

/** Whom a notification speaks to: decides its words and which page it leads to. */
export function audienceOf(to: Recipient): Audience {
  if ('organisation' in to) return 'holder';
  if ('authority' in to) return 'authority';
  return 'seller' in to ? 'seller' : 'staff';
}

function byMail(known: Known | null): Reached {
  return known?.mail ? { address: { channel: 'mail', to: known.mail }, language: known.language ?? undefined } : NOBODY;
}

/** Where nobody is a liaison, the officers are. */
async function liaisons(em: Manager, at: Instant): Promise<Reached> {
  const byId = { orderBy: { id: 'asc' } } as const;
  const found = officers(await em.find(PersonRow, { role: LIAISON }, byId), at);
  return found.address.channel === 'none' ? officers(await em.find(PersonRow, { role: OFFICER }, byId), at) : found;
}

/** One mail to all of them; in their language where they have the same one. */
function officers(persons: readonly PersonRow[], at: Instant): Reached {
  const reached = persons.filter(({ revokedAt, mail }) => mail && (revokedAt == null || revokedAt > at));
  const [language, ...others] = new Set(reached.map((person) => person.language ?? undefined));
  const mail = [...new Set(reached.map((person) => person.mail))].join(', ');
  return byMail({ mail, language: others.length === 0 ? language : undefined });
}
