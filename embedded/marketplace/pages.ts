import { minorDigits } from '../../domain/money.ts';
import { html, page } from '../html.ts';
import type { PublicListing } from './listings.ts';

/** The listing as a buyer sees it; every text in it is the seller's and is escaped. */
export function listingPage(listing: PublicListing | undefined): string {
  if (listing === undefined) return page('Not found', html`<p>There is no such listing.</p>`);
  if (listing.status === 'removed' || listing.status === 'gone') return page('Not available', html`<p>This listing is not available any more.</p>`);
  return page(
    listing.title,
    html`
    <p>${listing.brand ?? ''} ${priceText(listing)} ${listing.status === 'sold-out' ? 'Sold out' : ''}</p>
    <p>${listing.images.map((address) => html`<img src="${address}" alt="">`)}</p>
    <pre>${listing.description ?? ''}</pre>
    <p>Seller: ${listing.seller ?? 'not given'}. Category: ${listing.category ?? 'none'}. Market: ${listing.market}.</p>`,
  );
}

function priceText({ price }: PublicListing): string {
  if (price === undefined) return '';
  const digits = minorDigits(price.currency);
  // ISO 4217 and not what a locale is used to: amounts are kept in its minor units.
  const style = { style: 'currency', currency: price.currency, minimumFractionDigits: digits, maximumFractionDigits: digits } as const;
  return new Intl.NumberFormat('en', style).format(price.amount / 10 ** digits);
}
