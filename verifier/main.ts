import process from 'node:process';
import { parseArgs } from 'node:util';
import { auditHistory } from './audit.ts';
import { nodeRulebook } from './entry/node-rulebook.ts';
import { readHistoryFile } from './entry/read-file.ts';
import { verifyFile } from './entry/verify-file.ts';
import { HistoryFileError } from './json-text.ts';
import { auditLines, verifiedLines } from './report.ts';
import { printable } from './values.ts';

const USAGE = 'Usage: node verifier/main.ts verify|replay FILE [--root HASH] [--unknown-rules] [--language en|zh] [--json]\n';
const OPTIONS = { root: { type: 'string' }, 'unknown-rules': { type: 'boolean' }, language: { type: 'string' }, json: { type: 'boolean' } } as const;

/** The verifier alone: no configuration, no database, no server. */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: OPTIONS });
  const [command, path, ...rest] = positionals;
  if (path === undefined || rest.length > 0 || (command !== 'verify' && command !== 'replay')) throw new TypeError(USAGE);
  const rules = await nodeRulebook({ unknownRules: values['unknown-rules'] });
  if (command === 'verify') {
    const verified = await verifyFile(path, rules, values);
    print(values.json, verified, verifiedLines(verified));
    return verified.checks.every(({ ok }) => ok) ? 0 : 1;
  }
  const audit = await auditHistory(await readHistoryFile(path), rules, values);
  print(values.json, audit, auditLines(audit));
  return audit.broken === null ? 0 : 1;
}

function print(json: boolean | undefined, value: unknown, lines: readonly string[]): void {
  process.stdout.write(json === true ? `${JSON.stringify(value)}\n` : `${lines.join('\n')}\n`);
}

try {
  process.exitCode = await main();
} catch (error) {
  const cure = error instanceof HistoryFileError ? ` ${error.cure}` : '';
  process.stderr.write(`${printable(error instanceof Error ? error.message : String(error), 2_000)}${cure}\n`);
  process.exitCode = error instanceof HistoryFileError ? 1 : 2;
}
