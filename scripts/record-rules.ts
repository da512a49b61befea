import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { rulesBundle } from '../verifier/entry/rules-bundle.ts';
import { RELEASED_RULES } from '../verifier/released-rules.ts';

/** `node scripts/record-rules.ts RELEASE`: adds the rules of this checkout to those that every later verifier knows. */
const FILE = fileURLToPath(new URL('../verifier/released-rules.ts', import.meta.url));

const [release] = process.argv.slice(2);
if (release === undefined || !/^[\w .-]{1,60}$/.test(release)) throw new Error('name the release, for example 0.2.0');
const { digest } = await rulesBundle();
if (RELEASED_RULES.some((one) => one.digest === digest)) process.stdout.write(`the rules ${digest} are listed already\n`);
else {
  const text = readFileSync(FILE, 'utf8');
  writeFileSync(
    FILE,
    text.replace(/\n\];\n$/, () => `\n  { digest: '${digest}', release: '${release}' },\n];\n`),
  );
  process.stdout.write(`added ${digest} as ${release}\n`);
}
