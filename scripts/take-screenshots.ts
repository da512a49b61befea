import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const OUT = join(ROOT, 'docs/screenshots');
/** What the documents show; the journeys take many more. */
const KEPT = [
  'rights-holder-en-1440-light',
  'rights-holder-zh-360-light',
  'governance-en-1440-light',
  'governance-zh-1440-dark',
  'account-manager-en-1440-light',
  'seller-en-1440-light',
  'case-seller-zh-360-light',
  'auditor-en-1440-light',
  'replay-en-1440-light',
  'case-en-1440-light',
  'liaison-en-1440-light',
  'referral-en-1440-light',
];

/** Runs the journeys with a place for their pictures, and keeps those that the documents show. */
async function main(): Promise<number> {
  const dir = mkdtempSync(join(tmpdir(), 'interdict-pictures-'));
  const args = [join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', 'test/web/pages.test.ts'];
  // The journeys read the place from the environment: nothing else starts them with pictures.
  const { status } = spawnSync('/usr/bin/env', [`SCREENSHOTS=${dir}`, process.execPath, ...args], { cwd: ROOT, stdio: 'inherit' });
  if (status === 0) {
    mkdirSync(OUT, { recursive: true });
    // A palette is enough for a page, and a third of the bytes.
    for (const name of KEPT)
      await sharp(join(dir, `${name}.png`))
        .png({ palette: true })
        .toFile(join(OUT, `${name}.png`));
  }
  rmSync(dir, { recursive: true, force: true });
  return status ?? 1;
}

process.exitCode = await main();
