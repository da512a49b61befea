import { existsSync, readdirSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { HISTORY_FORMAT, type HistoryFile } from '../../domain/history-file.ts';
import { auditHistory } from '../audit.ts';
import { parseStrictJson } from '../json-text.ts';
import { type RulesLoader, type RulesModule, RulesNotRun } from '../replay.ts';
import { auditLines } from '../report.ts';
import { printable } from '../values.ts';

/**
 * `rules.mjs` of a packet: decides every case beside it again with the rules beside it. It runs where only Node is (20 or newer),
 * and runs no rules whose text is not the one that the decisions name by its SHA-256.
 */
async function main(): Promise<number> {
  const cases = new URL('cases/', import.meta.url);
  const names = existsSync(cases)
    ? readdirSync(cases)
        .filter((name) => name.endsWith('.json'))
        .sort()
    : [];
  if (names.length === 0) throw new Error(`there are no cases in ${fileURLToPath(cases)}: unpack the whole packet and run it from there`);
  let broken = 0;
  for (const name of names) {
    const isWhole = await redecideFile(name, readFileSync(new URL(name, cases), 'utf8'));
    if (!isWhole) broken += 1;
  }
  say(broken === 0 ? `${names.length} of ${names.length} cases come out the same.` : `${broken} of ${names.length} cases are BROKEN.`);
  return broken === 0 ? 0 : 1;
}

async function redecideFile(name: string, text: string): Promise<boolean> {
  try {
    const value = parseStrictJson(text);
    if (typeof value !== 'object' || value === null || !('format' in value) || value.format !== HISTORY_FORMAT) throw new Error('not a case');
    // Whatever else is wrong with its shape shows when it is checked and decided again.
    const audit = await auditHistory(value as HistoryFile, rulesBeside);
    for (const line of auditLines(audit)) say(line);
    return audit.broken === null;
  } catch (error) {
    say(`BROKEN cases/${name}: ${printable(error instanceof Error ? error.message : String(error), 2_000)}`);
    return false;
  }
}

/** Replay asks only for texts that have their digest; what is imported is the file of the same text. */
const rulesBeside: RulesLoader = (digest, text): RulesModule => ({
  async redecide(decisions, policies) {
    const file = new URL(`rules/${digest}.mjs`, import.meta.url);
    if (!existsSync(file) || readFileSync(file, 'utf8') !== text) throw new RulesNotRun(`rules/${digest}.mjs is not the text that decided`);
    const rules: RulesModule = await import(file.href);
    return rules.redecide(decisions, policies);
  },
});

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

try {
  process.exitCode = await main();
} catch (error) {
  say(printable(error instanceof Error ? error.message : String(error), 2_000));
  process.exitCode = 1;
}
