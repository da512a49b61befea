import { z } from 'zod';
import { sourced } from './sourced.ts';

const share = sourced(z.number().min(0).max(1));
const words = sourced(z.array(z.string().min(1)));

/** The `detection` section: thresholds 0..1 and word lists. */
export const detectionSchema = z.strictObject({
  openAt: sourced(z.number().gt(0, 'everything would open').max(1)),
  markUse: z.strictObject({
    brandField: share,
    title: share,
    description: share,
    lookAlike: share,
    replicaWords: share,
    manyHolders: sourced(z.int().min(2)),
    manyHoldersAdds: share,
    referentialFactor: share,
    unknownClassFactor: share,
    shortMark: sourced(z.int().min(1)),
    longMark: sourced(z.int().min(4, 'one wrong letter in a short word is another word')),
  }),
  priceGap: z.strictObject({
    fromGap: share,
    fromScore: share,
    fullGap: share,
    fullScore: share,
    medianFromGap: share,
    medianAtLeast: sourced(z.int().min(2)),
    regionSuffix: sourced(z.int().min(0).max(4)),
  }),
  words: z.strictObject({
    common: words,
    referential: words,
    compatible: words,
    replica: words,
    used: words,
    pack: words,
    variants: words,
  }),
  goods: z.record(z.string().regex(/^\d{3}$/, 'a Nice class is written with three digits'), words),
  external: z.strictObject({ labels: sourced(z.record(z.string(), z.number().min(0).max(1))) }),
});
