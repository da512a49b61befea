import type { Duration } from '../instant.ts';

/** Every detector; a policy may stop each of them. */
export const Detector = {
  markUse: 'mark-use',
  priceGap: 'price-gap',
  replicaWords: 'replica-words',
  stayDown: 'stay-down',
  imageMatch: 'image-match',
  external: 'external',
} as const;
export type Detector = (typeof Detector)[keyof typeof Detector];

/**
 * Thresholds and word lists of the detectors. Scores are 0..1; a case is opened for a (listing, rights holder) whose
 * combined score reaches `openAt`. Words are lower case without diacritics, as the detectors compare them.
 */
export interface DetectionPolicy {
  readonly openAt: number;
  /** Detectors that find nothing under this policy. */
  readonly stopped: readonly Detector[];
  readonly markUse: MarkUsePolicy;
  readonly priceGap: PriceGapPolicy;
  readonly replicaWords: ReplicaWordsPolicy;
  readonly stayDown: StayDownPolicy;
  readonly imageMatch: ImageMatchPolicy;
  readonly words: DetectionWords;
  /** Goods words by Nice class (`025`), for listings, which carry no class. */
  readonly goods: Readonly<Record<string, readonly string[]>>;
  readonly external: ExternalPolicy;
}

export interface MarkUsePolicy {
  readonly brandField: number;
  readonly title: number;
  readonly description: number;
  /** Added for a spelling that imitates the mark. */
  readonly lookAlike: number;
  /** Added when the seller offers goods of at least `manyHolders` holders and is authorised by none. */
  readonly manyHoldersAdds: number;
  readonly manyHolders: number;
  /** Factor for naming the mark only to say what the goods fit. */
  readonly referentialFactor: number;
  /** Factor while the goods' class cannot be told. */
  readonly unknownClassFactor: number;
  /** Letters up to which a mark is short, and from which one wrong letter is still a look-alike. */
  readonly shortMark: number;
  readonly longMark: number;
}

export interface PriceGapPolicy {
  /** Share below the reference from which a price is a finding, and its score there. */
  readonly fromGap: number;
  readonly fromScore: number;
  /** Share from which the score is `fullScore`. */
  readonly fullGap: number;
  readonly fullScore: number;
  /** The same for the brand's own median, with the number of priced listings it needs. */
  readonly medianFromGap: number;
  readonly medianAtLeast: number;
  /** Final characters of a part number that only name a region. */
  readonly regionSuffix: number;
}

/** Words that announce a copy, by language (ISO 639-1), and the contexts in which they do not. */
export interface ReplicaWordsPolicy {
  readonly plainScore: number;
  readonly hintScore: number;
  /** Words before and after within which a context counts. */
  readonly reach: number;
  readonly vocabulary: Readonly<Record<string, { readonly plain: readonly string[]; readonly hints: readonly string[] }>>;
  readonly contexts: {
    /** Right before the expression, or before articles that stand before it: it is denied. */
    readonly negations: readonly string[];
    readonly articles: readonly string[];
    /** Close by: goods that are honestly called replicas. */
    readonly models: readonly string[];
    /** Around the word: terms of trade that only sound like a copy. */
    readonly phrases: readonly string[];
  };
}

export interface StayDownPolicy {
  /** How long after its removal a listing is remembered, in plain days. */
  readonly within: Duration;
  /** Similarity (0..1) from which a listing is a near-duplicate, what a shared picture adds to it, and the fewest words of a title. */
  readonly fromSimilarity: number;
  readonly sharedImage: number;
  readonly fewestWords: number;
  readonly fromScore: number;
  readonly fullScore: number;
  /** The risk class of a linked case, when the goods do not make it high already. */
  readonly riskClass: 'standard' | 'high';
}

export interface ImageMatchPolicy {
  readonly score: number;
  /** For a listing that shows the product and does not name the mark. */
  readonly unnamedScore: number;
  /** Differing bits up to which two pictures are one. */
  readonly mostDifferent: number;
  /** Score of the cheap detectors from which a listing's pictures are fetched. */
  readonly fetchFrom: number;
  readonly mostListings: number;
  readonly mostReferences: number;
}

export interface DetectionWords {
  /** Dictionary words: never a mark by themselves. */
  readonly common: readonly string[];
  /** Stand before a mark that is named only for reference: `for`, `compatible with`. */
  readonly referential: readonly string[];
  /** Anywhere in a title: the goods are somebody else's and say so. */
  readonly compatible: readonly string[];
  /** Used or empty goods: the price of a new piece is no measure for them. */
  readonly used: readonly string[];
  readonly pack: readonly string[];
  /** Variants whose number tells the pieces of a pack (`black + colour`). */
  readonly variants: readonly string[];
}

/** Findings of detectors outside, by the label they give: the score it counts for. Labels not listed open nothing. */
export interface ExternalPolicy {
  readonly labels: Readonly<Record<string, number>>;
}
