import type { Facts, Outcome } from './aggregate.ts';
import { canonical, sha256Hex } from './canonical.ts';
import type { Decision } from './decision.ts';
import { decisionHash, FIRST_PREV, recordedOutcome } from './decision.ts';
import { kindOf } from './ids.ts';
import { stripSources } from './policy/policy.ts';
import type { PolicyValues } from './policy/policy.ts';
import { rulesOf } from './registry.ts';

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
 * with what was recorded. `policies` are the documents by digest; a document that does not have its digest is a broken file.
 */
export function redecide(decisions: readonly StoredDecision[], policies: Readonly<Record<string, unknown>>): readonly Verification[] {
  const first = decisions[0]?.decision;
  if (first === undefined) return [];
  const rules = rulesOf(kindOf(first.aggregate));
  let state: unknown = rules.initial;
  return decisions.map(({ decision }, index) => {
    const n = index + 1;
    const document = policies[decision.facts.policy];
    if (document !== undefined && `sha256:${sha256Hex(canonical(document))}` !== decision.facts.policy) {
      return { n, ok: false, what: `the policy document of decision ${n} does not have the digest that the decision names` };
    }
    if (document === undefined) return { n, ok: false, what: `the policy ${decision.facts.policy} of decision ${n} is not in the file` };
    const facts: Facts = { ...decision.facts, policy: stripSources(document) as PolicyValues };
    let outcome: Outcome;
    try {
      outcome = rules.decide(state, decision.command, facts);
    } catch (error) {
      return { n, ok: false, what: `the rules cannot decide decision ${n}: ${String(error)}` };
    }
    const after = 'events' in outcome ? outcome.events.reduce((s, event) => rules.evolve(s, event), state) : state;
    const again = recordedOutcome(rules, outcome, after);
    // Fold what was recorded, so that one wrong decision is named once and not in everything that follows it.
    if ('events' in decision.outcome) state = decision.outcome.events.reduce((s, event) => rules.evolve(s, event), state);
    return canonical(again) === canonical(decision.outcome)
      ? { n, ok: true }
      : { n, ok: false, what: `decision ${n} comes out differently: recorded ${canonical(decision.outcome)}, decided again ${canonical(again)}` };
  });
}
