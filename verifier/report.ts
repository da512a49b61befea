import type { Audit, Broken } from './audit.ts';
import { faultOf } from './audit.ts';
import type { Check } from './checks.ts';
import type { DecisionReport } from './replay.ts';
import { printable } from './values.ts';

/** A check as one line. */
export function checkLine({ ok, what }: Check): string {
  return `${ok ? 'ok    ' : 'BROKEN'} ${printable(what)}`;
}

/** What was not proved, a line each. */
export function unprovedLines(unproved: readonly string[]): readonly string[] {
  return unproved.map((what) => `NOT PROVED ${printable(what)}`);
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
    fault === undefined ? '  SAME' : `  ${decision.same ? 'BROKEN' : 'DIFFERS'} ${printable(fault, 4_000)}`,
  ];
}

/** The first broken thing as one line. */
export function brokenLine({ what, at }: Broken): string {
  return `Broken${at === undefined ? '' : ` at decision ${at.n} of ${at.aggregate}`}: ${printable(what, 4_000)}`;
}

/** A replay in words, up to the first thing that is broken. */
export function auditLines({ checks, decisions, broken }: Audit): readonly string[] {
  const end =
    broken === null ? decisions.length : decisions.findIndex((each) => each.aggregate === broken.at?.aggregate && each.n === broken.at.n) + 1;
  const told = (end === 0 ? decisions : decisions.slice(0, end)).flatMap((decision) => decisionLines(decision, checks));
  if (broken !== null) return [...told, brokenLine(broken)];
  return [...told, ...checks.map(checkLine), `${decisions.length} decisions come out the same.`];
}

/** Checks in words, up to the first that is broken. */
export function checkLines(checks: readonly Check[]): readonly string[] {
  const bad = checks.findIndex(({ ok }) => !ok);
  return checks.slice(0, bad < 0 ? checks.length : bad + 1).map(checkLine);
}
