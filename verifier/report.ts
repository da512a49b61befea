import type { Audit, Broken } from './audit.ts';
import { faultOf } from './audit.ts';
import type { Check } from './check.ts';
import type { Verified } from './checks.ts';
import type { DecisionReport } from './replay.ts';
import { printable } from './values.ts';

/** A check as one line. */
export function checkLine({ ok, what }: Check): string {
  return `${ok ? 'ok    ' : 'BROKEN'} ${printable(what)}`;
}

/** What was not proved, a line each. */
function unprovedLines(unproved: readonly string[]): readonly string[] {
  return unproved.map((what) => `NOT PROVED ${printable(what, 1_000)}`);
}

/** Said before and after everything else where rules that nobody here knows judged the file that they came with. */
function ownJudgeLines({ unknownRules, isOwnJudge }: Pick<Verified, 'unknownRules' | 'isOwnJudge'>): readonly string[] {
  if (!isOwnJudge) return [];
  const names = unknownRules.map((digest) => printable(digest)).join(', ');
  return [`THE FILE'S OWN RULES JUDGED THE FILE: this verifier does not know the rules ${names}. That a decision is the same proves nothing.`];
}

/** A decision as a paragraph: who asked what, on what ground, what came of it, and whether it comes out the same. */
export function decisionLines(decision: DecisionReport, checks: readonly Check[]): readonly string[] {
  const { aggregate, n, at, who, input, policy, instants, outcome, next, rules } = decision;
  const fault = faultOf(decision, checks);
  return [
    `${aggregate} decision ${n}, ${at}`,
    `  who     ${who}`,
    `  input   ${input}`,
    `  rules   ${rules}`,
    ...policy.map(({ path, value, source }) => `  policy  ${printable(path)} = ${value}${source === undefined ? '' : ` [${source}]`}`),
    ...instants.map((line) => `  clock   ${line}`),
    ...outcome.map((line) => `  outcome ${line}`),
    ...next.map((line) => `  then    ${line}`),
    fault === undefined ? '  SAME' : `  ${faultWord(decision)} ${printable(fault, 4_000)}`,
  ];
}

function faultWord({ same, undecided }: DecisionReport): string {
  if (same) return 'BROKEN';
  return undecided === true ? 'NOT DECIDED AGAIN' : 'DIFFERS';
}

/** The first broken thing as one line. */
export function brokenLine({ what, at }: Broken): string {
  return `Broken${at === undefined ? '' : ` at decision ${at.n} of ${at.aggregate}`}: ${printable(what, 4_000)}`;
}

/** A replay in words, up to the first thing that is broken, and what it does not prove. */
export function auditLines(audit: Audit): readonly string[] {
  const { checks, decisions, broken, unproved } = audit;
  const judge = ownJudgeLines(audit);
  const end =
    broken === null ? decisions.length : decisions.findIndex((each) => each.aggregate === broken.at?.aggregate && each.n === broken.at.n) + 1;
  const told = (end === 0 ? decisions : decisions.slice(0, end)).flatMap((decision) => decisionLines(decision, checks));
  if (broken !== null) return [...judge, ...told, brokenLine(broken), ...judge];
  const same = `${decisions.length} decisions come out the same.`;
  return [...judge, ...told, ...checks.map(checkLine), same, ...unprovedLines(unproved), ...judge];
}

/** Checks in words, up to the first that is broken, and what they do not prove. */
export function verifiedLines(verified: Verified): readonly string[] {
  const { checks, unproved } = verified;
  const bad = checks.findIndex(({ ok }) => !ok);
  const told = checks.slice(0, bad < 0 ? checks.length : bad + 1).map(checkLine);
  const judge = ownJudgeLines(verified);
  return [...judge, ...told, ...unprovedLines(unproved), ...judge];
}
