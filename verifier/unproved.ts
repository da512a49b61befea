import { chainsOf, type HistoryFile } from '../domain/history-file.ts';
import type { VerifyOptions } from './checks.ts';

/**
 * What stays unproved after every check of a file has passed, a sentence each: what no hash covers, what a hash covers that anybody
 * can make anew, and what only comparison with something from elsewhere tells. Nothing is left when the file's digest is given.
 */
export function unproved(file: HistoryFile, { root }: VerifyOptions): readonly string[] {
  if (root !== undefined && root === file.digest) return [];
  return [...(root === undefined ? [NOT_REWRITTEN] : []), ...laterDecisions(file), ...outsideChains(file)];
}

const NOT_REWRITTEN =
  'that nobody rewrote it consistently, with every hash made anew: give its root, or its digest, as published or witnessed elsewhere with --root';

/** A chain that is cut off before its seal looks like one that is not sealed yet. */
function laterDecisions(file: HistoryFile): readonly string[] {
  return chainsOf(file)
    .filter(({ seal }) => seal === null)
    .map(({ aggregate }) => `that no later decision was cut off: ${aggregate} is not sealed`);
}

function outsideChains({ digest, exportedAt, seal, appeals, flow, noFlow }: HistoryFile): readonly string[] {
  const numbers = [seal, ...appeals.map((appeal) => appeal.seal)].flatMap((one) => (one === null ? [] : [one.sequence]));
  const guard =
    digest === undefined ? 'and the file carries no digest of its content' : 'only the digest of the file does, which anybody can make anew';
  const what = [
    `when the file was exported (${exportedAt})`,
    ...(numbers.length === 0 ? [] : [`the number of a seal in the operator's sequence (${numbers.join(', ')})`]),
    'which disclosures and appeals were left out',
    ...(flow === null ? [] : ['the histories of workflows (`replay --flow` runs them with the code of the workflows)']),
    ...(noFlow.length === 0 ? [] : ['why histories of workflows are missing']),
  ];
  return what.map((each) => `${each}: no decision covers it, ${guard}`);
}
