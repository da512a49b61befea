import wasm from '@jitl/quickjs-wasmfile-release-sync/wasm';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { HISTORY_FORMAT, type HistoryFile } from '../../domain/history-file.ts';
import { auditHistory } from '../audit.ts';
import { compiled, interpret, type InterpreterRequest } from '../interpreter/interpret.ts';
import { parseStrictJson } from '../json-text.ts';
import { type RulesModule, RulesNotRun } from '../replay.ts';
import { auditLines } from '../report.ts';
import type { Rulebook } from '../rulebook.ts';
import { printable } from '../values.ts';
import { interpretedRules } from './interpreted-rules.ts';

/**
 * `rules.mjs` of a packet: decides every case beside it again with the rules beside it. It runs where only Node is (20 or newer).
 * The rules run in the interpreter that the program brings along, in a thread of the same program; it runs none whose text is not
 * the one that the decisions name by its SHA-256.
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
  say('This program came with the packet: it proves something to whoever trusts the sender. Others use a verifier of their own (README.txt).');
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

/** It knows no rules, so the report says that the packet's own rules judged it. Replay asks only for texts that have their digest. */
const rulesBeside: Rulebook = {
  isKnown: () => false,
  runsUnknown: true,
  rulesFor: (digest, text): RulesModule => {
    const file = new URL(`rules/${digest}.mjs`, import.meta.url);
    const isBeside = existsSync(file) && readFileSync(file, 'utf8') === text;
    if (isBeside) return interpretedRules(text, { thread: new URL(import.meta.url), wasm: compiled(wasm) });
    return {
      redecide: () => {
        throw new RulesNotRun(`rules/${digest}.mjs is not the text that decided`);
      },
    };
  },
};

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function start(): Promise<void> {
  try {
    process.exitCode = await main();
  } catch (error) {
    say(printable(error instanceof Error ? error.message : String(error), 2_000));
    process.exitCode = 1;
  }
}

if (isMainThread) await start();
// The thread of an interpreter; what it is given was put together by `interpretedRules` in the same process.
else parentPort?.postMessage(await interpret(workerData as InterpreterRequest));
