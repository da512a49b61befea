import type { HistoryFile } from '../domain/history-file.ts';
import { redecide } from '../domain/verify-decisions.ts';
import type { Check, DecisionPlace } from './check.ts';
import { type VerifyOptions, verifyHistory } from './checks.ts';
import { type DecisionReport, replayHistory, type RulesModule } from './replay.ts';
import { isOwnJudge, type Rulebook, unknownRulesOf } from './rulebook.ts';
import { unproved } from './unproved.ts';

/** The first thing that is wrong with a file. */
export interface Broken {
  readonly what: string;
  readonly at?: DecisionPlace;
}

/** All there is to say about a file: checks, decisions decided again, and what is broken first. */
export interface Audit {
  readonly checks: readonly Check[];
  readonly decisions: readonly DecisionReport[];
  readonly broken: Broken | null;
  /** Digests of rules that the verifier does not know. */
  readonly unknownRules: readonly string[];
  /** Whether such rules ran, so that the file's own rules judged the file. */
  readonly isOwnJudge: boolean;
  /** What stays unproved although nothing is broken, a sentence each. */
  readonly unproved: readonly string[];
}

/** What is known beside the file, and the language (`en`, `zh`) in which events are told. */
interface AuditOptions extends VerifyOptions {
  readonly language?: string | undefined;
}

/** Checks a file and decides everything in it again. A decision is broken when a check names it or when it comes out differently. */
export async function auditHistory(file: HistoryFile, rules: Rulebook, options: AuditOptions = {}): Promise<Audit> {
  const checks = verifyHistory(file, options);
  const decisions = await replayHistory(file, rules.rulesFor, options.language);
  const broken = firstBroken(checks, decisions) ?? null;
  const unknownRules = unknownRulesOf(file, rules);
  const open = broken === null ? unproved(file, options) : [];
  return { checks, decisions, broken, unknownRules, isOwnJudge: isOwnJudge(unknownRules, rules), unproved: open };
}

/** The first broken decision in the order of the file; a fault that touches no decision comes last. */
export function firstBroken(checks: readonly Check[], decisions: readonly DecisionReport[]): Broken | undefined {
  for (const decision of decisions) {
    const fault = faultOf(decision, checks);
    if (fault !== undefined) return { what: fault, at: { aggregate: decision.aggregate, n: decision.n } };
  }
  const rest = checks.find((check) => !check.ok);
  return rest && { what: rest.what, ...(rest.at && { at: rest.at }) };
}

/** What is wrong with one decision, if anything: a failed check that names it goes before a different outcome. */
export function faultOf({ aggregate, n, same, why }: DecisionReport, checks: readonly Check[]): string | undefined {
  const check = checks.find(({ ok, at }) => !ok && at?.aggregate === aggregate && at.n === n);
  return check?.what ?? (same ? undefined : (why ?? 'it comes out differently'));
}

/** This checkout's own rules, for decisions that name the same digest. */
export const ownRules: RulesModule = { redecide };
