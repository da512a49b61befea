import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { scenarioJsonSchema } from '../scenarios/runner/json-schema.ts';

// Writes what editors complete and check stories with; a test says when it is out of date.
writeFileSync(fileURLToPath(new URL('../scenarios/schema.json', import.meta.url)), scenarioJsonSchema());
