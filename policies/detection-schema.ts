import { z } from 'zod';
import { DurationUnit } from '../domain/instant.ts';
import { Detector } from '../domain/policy/detection-policy.ts';
import { sourced } from './sourced.ts';

const share = sourced(z.number().min(0).max(1));
const words = sourced(z.array(z.string().min(1)));
const plainDays = sourced(
  z.strictObject({ n: z.int().min(1).max(100_000), unit: z.literal(DurationUnit.calendarDays, { error: 'count this in calendar-days' }) }),
);
/** A context is sought a few words around, and a listing's pictures are few: bounds keep a mistyped value from costing a sweep. */
const few = sourced(z.int().min(0).max(10));
const bounded = sourced(z.int().min(0).max(100_000));

/** The `detection` section: thresholds 0..1 and word lists. */
export const detectionSchema = z.strictObject({
  openAt: sourced(z.number().gt(0, 'everything would open').max(1)),
  stopped: sourced(z.array(z.enum(Detector, { error: `is none of ${Object.values(Detector).join(', ')}` }))),
  markUse: z.strictObject({
    brandField: share,
    title: share,
    description: share,
    lookAlike: share,
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
  replicaWords: z.strictObject({
    plainScore: share,
    hintScore: share,
    reach: few,
    vocabulary: z.record(z.string().regex(/^[a-z]{2}$/, 'a language is written with two letters'), z.strictObject({ plain: words, hints: words })),
    contexts: z.strictObject({ negations: words, articles: words, models: words, phrases: words }),
  }),
  stayDown: z.strictObject({
    within: plainDays,
    fromSimilarity: sourced(z.number().gt(0, 'everything would be a duplicate').max(1)),
    sharedImage: share,
    fewestWords: few,
    fromScore: share,
    fullScore: share,
    riskClass: sourced(z.enum(['standard', 'high'])),
  }),
  imageMatch: z.strictObject({
    score: share,
    unnamedScore: share,
    mostDifferent: sourced(z.int().min(0).max(32, 'beyond a quarter of the bits any two pictures may be alike')),
    fetchFrom: share,
    mostListings: bounded,
    mostReferences: bounded,
  }),
  words: z.strictObject({
    common: words,
    referential: words,
    compatible: words,
    used: words,
    pack: words,
    variants: words,
  }),
  goods: z.record(z.string().regex(/^\d{3}$/, 'a Nice class is written with three digits'), words),
  external: z.strictObject({ labels: sourced(z.record(z.string(), z.number().min(0).max(1))) }),
});
