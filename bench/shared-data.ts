import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The real listings and rights beside the checkout: never copied into it, absent on most machines. */
const SHARED = fileURLToPath(new URL('../../shared/data/', import.meta.url));

/** The path of a shared data file, or `undefined` when the data is not on this machine. */
export function sharedData(name: string): string | undefined {
  const path = `${SHARED}${name}`;
  return existsSync(path) ? path : undefined;
}

/** What tests and benchmarks print when they skip. */
export const SHARED_DATA_ABSENT = 'skipped: ../shared/data is not on this machine';
