import type { ImportRow } from '../store/register/imports/schemas.ts';

/** Longest wait for one batch, in milliseconds: made up, many times what five hundred listings take. */
const ANSWER_WITHIN_MS = 60_000;

/**
 * Puts imported listings on sale in the embedded reference marketplace, which knows only what it is given. A marketplace of your
 * own has its listings already. Throws with the marketplace's address, and with its answer when it refuses.
 */
export function publisherOf(marketplaceUrl: string): (listings: readonly ImportRow['listings'][]) => Promise<void> {
  return async (listings) => {
    const rows = listings.map(({ listing, marketplace, market, title, description, brand, category, price, seller, images }) => ({
      id: listing,
      marketplace,
      market,
      title,
      description,
      brand,
      category,
      price,
      seller,
      images,
    }));
    const response = await fetch(`${marketplaceUrl}/admin/listings`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ listings: rows }),
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    if (!response.ok) {
      const said = (await response.text()).slice(0, 500);
      throw new Error(`the reference marketplace ${marketplaceUrl} does not take the listings: ${response.status} ${said}`);
    }
  };
}
