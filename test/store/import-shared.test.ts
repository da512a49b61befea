import { createReadStream } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { SHARED_DATA_ABSENT, sharedData } from '../../bench/shared-data.ts';
import { parseImport } from '../../store/register/imports/parse.ts';
import type { ImportKind } from '../../store/register/imports/kinds.ts';

const shared: [ImportKind, string, number][] = [
  ['listings', 'listings.jsonl.gz', 9844],
  ['listings', 'fixtures/suspicions.jsonl.gz', 408],
  ['rights', 'rights.csv', 472],
  ['rights', 'fixtures/rights-de.csv', 19],
  ['organisations', 'fixtures/organisations.jsonl', 21],
  ['authorised-sellers', 'fixtures/authorised-sellers.csv', 23],
  ['references', 'reference-prices.csv', 36],
  ['sellers', 'sellers.csv', 96],
  ['answers', 'fixtures/brand-answers.csv', 347],
];
if (sharedData('rights.csv') === undefined) console.log(`test/store/import-shared: ${SHARED_DATA_ABSENT}`);

describe.skipIf(sharedData('rights.csv') === undefined)('the shared data is read whole', () => {
  test.each(shared)('%s %s', async (kind, name, rows) => {
    const counts = { ok: 0, other: [] as unknown[] };
    for await (const item of parseImport(kind, createReadStream(sharedData(name) ?? ''))) {
      if ('ok' in item) counts.ok += 1;
      else counts.other.push(item);
    }
    expect(counts).toEqual({ ok: rows, other: [] });
  });
});
