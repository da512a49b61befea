import type { Recipient } from '../../domain/aggregate.ts';
import type { Instant } from '../../domain/instant.ts';
import { OrganisationRow, PersonRow, RecipientRow, SellerRow } from '../../store/schema/entities/register.ts';
import { disclosed } from '../../store/log/disclosures.ts';
import { standingHolder } from '../../store/register/holders.ts';
import type { Manager } from '../../store/connection/orm.ts';
import type { Audience } from './params.ts';

/** Where a letter can go: a mail address list, a shop's message box, or nowhere. `next` is the channel after a refusal. */
export type Address =
  | { readonly channel: 'mail'; readonly to: string; readonly next?: Extract<Address, { channel: 'shop' }> }
  | { readonly channel: 'shop'; readonly shop: string }
  | { readonly channel: 'none' };

const NONE: Address = { channel: 'none' };
const OFFICER = 'governance-officer';
const LIAISON = 'authority-liaison';

/**
 * Resolves a recipient at an instant: an organisation's mail, a person's mail, all officers with mail, a seller's mail and
 * else its shop; an authority's mail; those who deal with authorities. An erased seller and whoever has no mail is `none`. Throws for letters to aggregates, which are no mail.
 */
export async function resolveAddress(em: Manager, to: Recipient, at: Instant): Promise<Address> {
  if ('organisation' in to) return mailTo((await em.findOne(OrganisationRow, { id: await standingHolder(em, to.organisation) }))?.mail);
  if ('person' in to) return mailTo((await em.findOne(PersonRow, { id: to.person }))?.mail);
  if ('authority' in to) return mailTo((await em.findOne(RecipientRow, { id: to.authority }))?.mail);
  if ('liaison' in to) return liaisons(em, at);
  if ('governance' in to) return officers(await em.find(PersonRow, { role: OFFICER }, { orderBy: { id: 'asc' } }), at);
  if ('aggregate' in to) throw new TypeError('a letter to an aggregate is a message, not a mail');
  const seller = await disclosed(em, to.seller);
  if (seller === undefined) return NONE;
  const row = await em.findOne(SellerRow, { id: seller });
  const shop = { channel: 'shop', shop: seller } as const;
  return row?.mail ? { channel: 'mail', to: row.mail, next: shop } : shop;
}

/** Whom a letter speaks to: decides its words and which page it leads to. */
export function audienceOf(to: Recipient): Audience {
  if ('organisation' in to) return 'holder';
  if ('authority' in to) return 'authority';
  return 'seller' in to ? 'seller' : 'staff';
}

function mailTo(mail: string | null | undefined): Address {
  return mail ? { channel: 'mail', to: mail } : NONE;
}

/** Where nobody is a liaison, the officers are. */
async function liaisons(em: Manager, at: Instant): Promise<Address> {
  const byId = { orderBy: { id: 'asc' } } as const;
  const found = officers(await em.find(PersonRow, { role: LIAISON }, byId), at);
  return found.channel === 'none' ? officers(await em.find(PersonRow, { role: OFFICER }, byId), at) : found;
}

function officers(persons: readonly PersonRow[], at: Instant): Address {
  const mails = persons.filter(({ revokedAt }) => revokedAt == null || revokedAt > at).flatMap(({ mail }) => (mail ? [mail] : []));
  return mailTo([...new Set(mails)].join(', '));
}
