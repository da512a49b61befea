import { parentPort, workerData } from 'node:worker_threads';
import type { HistoryFile } from '../domain/history-file.ts';
import { redecide } from '../domain/verify-decisions.ts';
import { installedParts } from '../verifier/entry/node-rulebook.ts';
import { interpretedRules } from '../verifier/entry/interpreted-rules.ts';

interface Work {
  readonly texts: readonly string[];
  readonly cases: number;
  readonly how: 'native' | 'interpreted';
}

// One thread of `bench redecide`: ready, then how many of its cases came out differently.
const { texts, cases, how } = workerData as Work;

async function isSame(text: string): Promise<boolean> {
  const { decisions, policies, rules }: HistoryFile = JSON.parse(text);
  const results =
    how === 'native'
      ? redecide(decisions, policies)
      : await interpretedRules(Object.values(rules)[0] ?? '', installedParts()).redecide(decisions, policies);
  return results.length === decisions.length && results.every(({ ok }) => ok);
}

await isSame(texts[0] ?? '');
parentPort?.postMessage('ready');
await new Promise((resolve) => parentPort?.once('message', resolve));
let wrong = 0;
for (let index = 0; index < cases; index++) if (!(await isSame(texts[index % texts.length] ?? ''))) wrong += 1;
parentPort?.postMessage(wrong);
