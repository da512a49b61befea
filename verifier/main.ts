import process from 'node:process';
import { parseArgs } from 'node:util';
import { auditHistory } from './audit.ts';
import { unproved } from './checks.ts';
import { readHistoryFile } from './entry/read-file.ts';
import { sandboxedRules } from './entry/sandbox.ts';
import { verifyFile } from './entry/verify-file.ts';
import { HistoryFileError } from './json-text.ts';
import { auditLines, checkLines, unprovedLines } from './report.ts';
import { printable } from './values.ts';

const USAGE = 'Usage: node verifier/main.ts verify|replay FILE [--root HASH] [--json]\n';

/** The verifier alone: no configuration, no database, no server. The recorded rules decide, inside a sandbox. */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { root: { type: 'string' }, json: { type: 'boolean' } } });
  const [command, path, ...rest] = positionals;
  if (path === undefined || rest.length > 0 || (command !== 'verify' && command !== 'replay')) throw new TypeError(USAGE);
  if (command === 'verify') {
    const checks = await verifyFile(path, (_, text) => sandboxedRules(text), values);
    const isWhole = checks.every(({ ok }) => ok);
    const open = isWhole ? unproved(values) : [];
    print(values.json, { checks, unproved: open }, [...checkLines(checks), ...unprovedLines(open)]);
    return isWhole ? 0 : 1;
  }
  const audit = await auditHistory(await readHistoryFile(path), (_, text) => sandboxedRules(text), values);
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
