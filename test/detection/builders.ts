import type { ListingFacts, RightFacts } from '../../domain/detection/model.ts';
import { instant } from '../../domain/instant.ts';
import type { PolicyValues } from '../../domain/policy/policy.ts';
import { valuesOf } from '../../domain/policy/policy.ts';
import { shippedPolicy } from '../../policies/load.ts';

export const AT = instant('2025-10-01T00:00:00Z');

/** A registered German mark of org-velorix for clothing and shoes. */
export function aRight(more: Partial<RightFacts>): RightFacts {
  const right = { right: 'R-1', jurisdiction: 'DE', rightType: 'trademark', status: 'Live / Registered', markText: 'VELORIX' };
  return { ...right, niceClasses: ['025'], owner: 'org-velorix', observedAt: '2025-07', ...more };
}

/** Shoes that somebody sells in Germany. */
export function aListing(more: Partial<ListingFacts>): ListingFacts {
  return { listing: 'shop:1', marketplace: 'shop', market: 'DE', title: 'Something', category: 'Shoes', seller: 'S-1', ...more };
}

/** The values of the shipped policy. */
export async function aDetectionPolicy(): Promise<PolicyValues> {
  return valuesOf(await shippedPolicy());
}
