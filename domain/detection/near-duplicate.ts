import { skeleton, tokensOf } from './text.ts';

/** The text of a listing in pieces that can be counted: the words of its title as they look, and pairs of neighbours of its description. */
export interface Pieces {
  readonly title: ReadonlySet<string>;
  readonly description: ReadonlySet<string>;
}

/** Takes a listing's text apart. Case, accents, punctuation, look-alike letters, doubled letters and the order of a title make no difference. */
export function piecesOfText(title: string, description: string | undefined): Pieces {
  const words = tokensOf(description ?? '').map(skeleton);
  return { title: new Set(tokensOf(title).map(skeleton)), description: new Set(words.slice(1).map((word, at) => `${words[at]} ${word}`)) };
}

/**
 * How alike two listings' texts are, 0..1: the share of the titles' words in common (Jaccard), or its mean with the descriptions' where
 * both have one and that is more. A title of fewer than `fewestWords` different words says too little alone. A description counts only beside the title: shops
 * use one for all their goods.
 */
export function similarity(a: Pieces, b: Pieces, fewestWords: number): number {
  const titles = jaccard(a.title, b.title);
  const both = (titles + jaccard(a.description, b.description)) / 2;
  return Math.min(a.title.size, b.title.size) >= fewestWords ? Math.max(titles, both) : both;
}

function jaccard(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  if (a.size === 0 || b.size === 0) return 0;
  const [small, large] = a.size < b.size ? [a, b] : [b, a];
  let shared = 0;
  for (const piece of small) if (large.has(piece)) shared += 1;
  return shared / (a.size + b.size - shared);
}
