import { z } from 'zod';
import { scenarioSchema } from './schema.ts';

/** The text of `scenarios/schema.json`: the JSON Schema of a scenario document as it is written, before anything is filled in. */
export function scenarioJsonSchema(): string {
  const schema = z.toJSONSchema(scenarioSchema, { io: 'input', unrepresentable: 'any', reused: 'ref' });
  return `${JSON.stringify({ title: 'An interdict scenario', description: 'docs/scenarios.md explains every field.', ...schema }, undefined, 1)}\n`;
}
