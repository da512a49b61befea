/**
 * Thresholds and word lists of the detectors. Scores are 0..1; a case is opened for a (listing, rights holder) whose
 * combined score reaches `openAt`. Words are lower case without diacritics, as the detectors compare them.
 */
export interface DetectionPolicy {
  readonly openAt: number;
  readonly markUse: MarkUsePolicy;
  readonly priceGap: PriceGapPolicy;
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
  /** Added for words that announce a copy. */
  readonly replicaWords: number;
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

export interface DetectionWords {
  /** Dictionary words: never a mark by themselves. */
  readonly common: readonly string[];
  /** Stand before a mark that is named only for reference: `for`, `compatible with`. */
  readonly referential: readonly string[];
  /** Anywhere in a title: the goods are somebody else's and say so. */
  readonly compatible: readonly string[];
  readonly replica: readonly string[];
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
