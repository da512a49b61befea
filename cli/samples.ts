import { createReadStream, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ListingRow } from '../store/entities/register.ts';
import { work } from '../store/orm.ts';
import type { ImportKind } from '../store/imports/kinds.ts';
import { publisherOf } from '../embedded/publish.ts';
import { importFile } from '../store/imports/import-file.ts';
import type { Context } from './context.ts';
import { runSweep } from './sweep.ts';

/** In the order in which they build on each other. */
const FILES: readonly (readonly [Exclude<ImportKind, 'answers'>, string])[] = [
  ['organisations', 'organisations.jsonl'],
  ['people', 'people.jsonl'],
  ['rights', 'rights.csv'],
  ['sellers', 'sellers.csv'],
  ['authorised-sellers', 'authorised-sellers.csv'],
  ['references', 'references.csv'],
  ['recipients', 'recipients.jsonl'],
  ['listings', 'listings.jsonl'],
];

/** Imports the shipped samples and sweeps them, on the first run only: a store with listings is left alone. */
export async function importSamples(context: Context, log: (line: string) => void): Promise<void> {
  const store = await context.store();
  if ((await work(store).count(ListingRow, {})) > 0) return;
  const publish = context.config.marketplace.embedded ? { publish: publisherOf((await context.places()).marketplaceUrl) } : {};
  for (const [kind, name] of FILES) {
    const file = join(context.config.root, 'samples', name);
    if (!existsSync(file)) continue;
    const report = await importFile(store, context.clock, kind, createReadStream(file), kind === 'listings' ? publish : {});
    log(`samples: ${report.imported} ${kind} (${statSync(file).size} bytes)`);
  }
  for (const swept of await runSweep(context, undefined, log)) {
    log(`samples: ${swept.marketplace}: ${swept.scanned} listings scanned, ${swept.opened} cases opened`);
  }
}
