import type { PolicyValues } from '../policy/policy.ts';
import type { DetectionIndex } from './detection-index.ts';
import { classesOf } from './goods.ts';
import type { ListingFacts } from './model.ts';
import { tokensOf } from './text.ts';
import { phraseIn } from './words.ts';

/**
 * The risk class a case is opened with: `high` for goods of one of the policy's Nice classes or with one of its words
 * in category or title (goods that touch body or safety; an invented list), else `standard`. A case linked to an earlier removal is of the
 * class that the policy gives relistings, unless its goods are of the high one already.
 */
export function riskClassOf(listing: ListingFacts, index: DetectionIndex, policy: PolicyValues, isLinked = false): 'standard' | 'high' {
  if (isLinked && policy.detection.stayDown.riskClass === 'high') return 'high';
  const { niceClasses, categoryWords } = policy.riskClasses.high;
  const classes = classesOf(listing, index.goods);
  if (niceClasses.some((niceClass) => classes.has(niceClass))) return 'high';
  const words = new Set(categoryWords.map((word) => tokensOf(word).join(' ')));
  return phraseIn(tokensOf(`${listing.category ?? ''} ${listing.title}`), words) === undefined ? 'standard' : 'high';
}
