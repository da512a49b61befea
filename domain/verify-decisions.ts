import type { Facts, InstantQuestion } from './aggregate.ts';
import { canonical } from './canonical.ts';
import type { Decision } from './decision.ts';
import { decisionHash, FIRST_PREV, recordedOutcome } from './decision.ts';
import { kindOf } from './ids.ts';
import { type PolicyDocument, valuesOf } from './policy/policy.ts';
import { type AnyFacts, type AnyRules, rulesOf } from './registry.ts';

/** One decision as stored: the envelope and the hash that was recorded for it. */
export interface StoredDecision {
  readonly decision: Decision;
  readonly hash: string;
}

export type Verification = { readonly n: number; readonly ok: true } | { readonly n: number; readonly ok: false; readonly what: string };

/** Checks the chain: numbers without a gap, one aggregate, each hash recomputed, each link to the one before. */
export function verifyChain(decisions: readonly StoredDecision[]): readonly Verification[] {
  let prev = FIRST_PREV;
  return decisions.map(({ decision, hash }, index) => {
    const n = index + 1;
    const wrong = linkFault(decision, hash, n, prev, decisions[0]?.decision.aggregate);
    prev = hash;
    return wrong === undefined ? { n, ok: true } : { n, ok: false, what: wrong };
  });
}

function linkFault(decision: Decision, hash: string, n: number, prev: string, aggregate: string | undefined): string | undefined {
  if (decision.n !== n) return `decision ${n} carries the number ${decision.n}: one is missing, doubled or out of order`;
  if (decision.aggregate !== aggregate) return `decision ${n} belongs to another aggregate`;
  if (decision.prev !== prev) return `decision ${n} does not continue the one before it`;
  if (decisionHash(decision) !== hash) return `the content of decision ${n} does not match its hash`;
  return undefined;
}

/**
 * Decides every decision again from its command and its recorded facts and compares events, refusal, deadline and effects
 * with what was recorded. `policies` are the documents by digest. That each has its digest is for the caller to check: hashing a
 * document again for every decision costs more than all the rules.
 */
export function redecide(decisions: readonly StoredDecision[], policies: Readonly<Record<string, unknown>>): readonly Verification[] {
  const first = decisions[0]?.decision;
  return first === undefined ? [] : redecideWith(rulesOf(kindOf(first.aggregate)), decisions, policies);
}

/** `redecide` with the rules of a kind of aggregate that the caller names. */
export function redecideWith(
  rules: AnyRules,
  decisions: readonly StoredDecision[],
  policies: Readonly<Record<string, unknown>>,
): readonly Verification[] {
  let state: unknown = rules.initial;
  return decisions.map(({ decision }, index) => {
    const n = index + 1;
    const fault = decideAgain(rules, state, decision, policies, n);
    // Fold what was recorded, so that one wrong decision is named once and not in everything that follows it.
    if ('events' in decision.outcome) state = decision.outcome.events.reduce((s, event) => rules.evolve(s, event), state);
    return fault === undefined ? { n, ok: true } : { n, ok: false, what: fault };
  });
}

function decideAgain(
  rules: AnyRules,
  state: unknown,
  decision: Decision,
  policies: Readonly<Record<string, unknown>>,
  n: number,
): string | undefined {
  try {
    const digest = decision.facts.policy;
    const document = Object.hasOwn(policies, digest) ? policies[digest] : undefined;
    if (document === undefined) return `the policy ${digest} of decision ${n} is not in the file, or does not have its digest`;
    const facts: AnyFacts = { ...decision.facts, policy: valuesOf(document as PolicyDocument) };
    const strange = questionFault(rules.questions(state, decision.command, facts.policy).instants ?? [], facts.instants, n);
    if (strange !== undefined) return strange;
    const outcome = rules.decide(state, decision.command, facts);
    const after = 'events' in outcome ? outcome.events.reduce((s, event) => rules.evolve(s, event), state) : state;
    const again = recordedOutcome(rules, outcome, after);
    if (canonical(again) === canonical(decision.outcome)) return undefined;
    return `decision ${n} comes out differently: recorded ${canonical(decision.outcome)}, decided again ${canonical(again)}`;
  } catch (error) {
    return `the rules cannot decide decision ${n}: ${String(error)}`;
  }
}

/** Every recorded instant must answer a question of the rule, with the same start, duration, calendar and policy value. */
function questionFault(asked: readonly InstantQuestion[], recorded: Facts['instants'], n: number): string | undefined {
  const missing = asked.find((question) => question.optional !== true && recorded[question.name] === undefined);
  if (missing !== undefined) return `decision ${n} records no ${missing.name}, which its rule asks for`;
  for (const [name, fact] of Object.entries(recorded)) {
    const { at: _, data: __, provisional: ___, ...question } = fact;
    const wanted = asked.find((one) => one.name === name);
    if (wanted === undefined) return `decision ${n} records ${name}, which its rule does not ask for`;
    if (canonical(wanted) !== canonical(question)) {
      return `decision ${n} counts ${name} from ${canonical(question)}, but its rule asks for ${canonical(wanted)}`;
    }
  }
  return undefined;
}
