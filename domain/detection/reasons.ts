import { minorDigits } from '../money.ts';
import type { Finding, Reason } from './model.ts';
import { DetectionReason } from './model.ts';

/** A finding in one English sentence per reason, for officers and brands: which detector, what it saw, how sure it is. */
export function inWords(finding: Finding): string {
  const sentences = finding.reasons.map(sentence).join(' ');
  return `${finding.detector}@${finding.version} (${finding.score.toFixed(2)}): ${sentences}`;
}

function sentence({ code, params }: Reason): string {
  switch (code) {
    case DetectionReason.brandField:
      return `The listing states the brand "${params['mark']}".`;
    case DetectionReason.title:
      return `The title uses the mark "${params['mark']}".`;
    case DetectionReason.description:
      return `The description uses the mark "${params['mark']}".`;
    case DetectionReason.lookAlike:
      return `It is spelt so that it looks like "${params['mark']}".`;
    case DetectionReason.replicaWords:
      return `The words "${params['words']}" (${params['language']}) announce a copy.`;
    case DetectionReason.replicaHint:
      return `The words "${params['words']}" (${params['language']}) hint at a copy.`;
    case DetectionReason.brandNamed:
      return `The brand field names the rights holder ("${params['brand']}").`;
    case DetectionReason.relisting:
      return `It is ${params['percent']} % like a listing of the same party, removed at ${params['at']} on a confirmed verdict (${params['case']}).`;
    case DetectionReason.sameImage:
      return 'Both show a picture of the same address.';
    case DetectionReason.referenceImage:
      return `It shows the holder's reference picture of "${params['product']}" (${params['bits']} of 128 bits differ).`;
    case DetectionReason.imagesUnread:
      return `Its pictures could not be compared (${params['why']}).`;
    case DetectionReason.manyHolders:
      return `The seller offers goods of ${params['holders']} rights holders and is authorised by none of them.`;
    case DetectionReason.sellerNotAuthorised:
      return "The seller is not on the holder's list of authorised sellers.";
    case DetectionReason.sellerUnknown:
      return 'The listing names no seller.';
    case DetectionReason.referential:
      return `The mark may be named only to say what the goods fit ("${params['words']}").`;
    case DetectionReason.unknownClass:
      return 'The class of the goods could not be told.';
    case DetectionReason.belowReference:
      return `${priced(params)}, the holder's reference price (found by "${params['by']}").`;
    case DetectionReason.belowMedian:
      return `${priced(params)}, the median of ${params['n']} listings of this brand here.`;
    case DetectionReason.external:
      return `An outside detector said "${params['label']}": ${params['basis']}.`;
    default:
      return never(code);
  }
}

function priced(params: Reason['params']): string {
  const currency = String(params['currency']);
  const pieces = params['pieces'] === 1 ? '' : ` for ${params['pieces']} pieces`;
  const amount = (minor: unknown): string => (Number(minor) / 10 ** minorDigits(currency)).toFixed(minorDigits(currency));
  return `The price of ${currency} ${amount(params['price'])}${pieces} is far below ${amount(params['expected'])}`;
}

function never(code: never): never {
  throw new TypeError(`unknown reason ${String(code)}`);
}
