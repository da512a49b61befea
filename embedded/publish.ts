import type { ImportRow } from '../store/imports/schemas.ts';

/**
 * Puts imported listings on sale in the embedded reference marketplace, which knows only what it is given. A marketplace of your
 * own has its listings already. Throws with the marketplace's answer when it refuses.
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
    });
    if (!response.ok) throw new Error(`the reference marketplace does not take the listings: ${response.status} ${await response.text()}`);
  };
}
