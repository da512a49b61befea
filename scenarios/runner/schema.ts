import { z } from 'zod';
import { checkSchema } from './check-schemas.ts';
import { rowSchema } from './row-schemas.ts';
import { stepSchema } from './step-schemas.ts';
import { exactInstant } from './values.ts';

const given = z.strictObject({
  organisations: z.array(rowSchema('organisations')).optional(),
  people: z.array(rowSchema('people')).optional(),
  rights: z.array(rowSchema('rights')).optional(),
  sellers: z.array(rowSchema('sellers')).optional(),
  listings: z.array(rowSchema('listings')).optional(),
  'authorised-sellers': z.array(rowSchema('authorised-sellers')).optional(),
  references: z.array(rowSchema('references')).optional(),
  recipients: z.array(rowSchema('recipients')).optional(),
});

/** A Monday on which neither Europe nor China has a holiday, 9:00 in Berlin. */
const START = '2025-10-13T07:00:00.000Z';

/** A scenario document (`docs/scenarios.md`). */
export const scenarioSchema = z.strictObject({
  $schema: z.string().optional(),
  name: z.string().trim().min(1, 'is empty: say in a few words what the story is').max(200),
  description: z.string().optional(),
  policy: z.union([z.string().min(1), z.record(z.string(), z.unknown())]).optional(),
  startAt: exactInstant.default(START),
  given: given.default({}),
  steps: z.array(stepSchema).max(2_000),
  expect: z.array(checkSchema).default([]),
});
export type Scenario = z.output<typeof scenarioSchema>;
