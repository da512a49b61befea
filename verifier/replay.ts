import { sha256Hex } from '../domain/canonical.ts';
import type { Decision } from '../domain/decision.ts';
import { type ChainRecord, chainsOf, type HistoryFile } from '../domain/history-file.ts';
import type { StoredDecision, Verification } from '../domain/verify-decisions.ts';
import { documentDigest } from './checks.ts';
import { type Disclosed, disclosedOf, printable, valueWords } from './values.ts';
import { textsIn } from '../texts/languages.ts';
import type { Texts } from '../texts/messages.ts';
import { commandWords, effectWords, eventWords, instantWords, type PolicyValue, policyValues, whoWords } from './words.ts';

/** The rules could not be run at all: nothing can be said of any single decision. */
export class RulesNotRun extends Error {
  constructor(why: string) {
    super(why);
    this.name = 'RulesNotRun';
  }
}

/** What re-decides: the recorded rules, wherever they run. Throws `RulesNotRun`, or what the rules throw on a broken state. */
export interface RulesModule {
  redecide(decisions: readonly StoredDecision[], policies: HistoryFile['policies']): readonly Verification[] | Promise<readonly Verification[]>;
}

/** The rules of a digest. It is only asked for texts that have the digest. */
export type RulesLoader = (digest: string, text: string) => RulesModule;

/** One decision in words, and whether it comes out the same. */
export interface DecisionReport {
  readonly aggregate: string;
  /** Its place in the chain. */
  readonly n: number;
  readonly at: string;
  readonly who: string;
  readonly input: string;
  /** Policy values it rests on, each with its source. */
  readonly policy: readonly PolicyValue[];
  /** How each due instant came about. */
  readonly instants: readonly string[];
  /** Events, or the refusal. */
  readonly outcome: readonly string[];
  /** What it waits for and owes afterwards. */
  readonly next: readonly string[];
  readonly rules: string;
  readonly same: boolean;
  /** Set where no rules ran, so that nothing can be said of it. */
  readonly undecided?: true;
  readonly why?: string;
}

/** Decides every decision again, each with the rules that it names, and tells it in words; events in `language`, English where it is not given. */
export async function replayHistory(file: HistoryFile, rulesFor: RulesLoader, language?: string): Promise<readonly DecisionReport[]> {
  const reports: DecisionReport[] = [];
  const texts = textsIn(language);
  for (const chain of chainsOf(file)) {
    const again = await redecideChain(file, chain, rulesFor);
    const disclosed = disclosedOf(chain);
    chain.decisions.forEach(({ decision }, index) => {
      const place = { aggregate: chain.aggregate, n: index + 1 };
      reports.push({ ...place, ...reportOf(decision, { file, disclosed, texts }, again[index] ?? undecided(place.n, 'it was not decided again')) });
    });
  }
  return reports;
}

/** A chain may have been decided by several versions of the rules: each decides its own decisions, over the recorded past. */
async function redecideChain(file: HistoryFile, chain: ChainRecord, rulesFor: RulesLoader): Promise<readonly Again[]> {
  const results: Again[] = [];
  for (const digest of new Set(chain.decisions.map(({ decision }) => decision.rules))) {
    const last = chain.decisions.findLastIndex(({ decision }) => decision.rules === digest);
    const again = await redecideWith(file, chain.decisions.slice(0, last + 1), digest, rulesFor);
    chain.decisions.forEach(({ decision }, index) => {
      if (decision.rules === digest) results[index] = again(index + 1);
    });
  }
  return results;
}

/** What came of deciding again; `undecided` where no rules ran. */
type Again = Verification & { readonly undecided?: true };
type Lookup = (n: number) => Again;

function undecided(n: number, what: string): Again {
  return { n, ok: false, what, undecided: true };
}

async function redecideWith(file: HistoryFile, decisions: readonly StoredDecision[], digest: string, rulesFor: RulesLoader): Promise<Lookup> {
  const failed =
    (what: string): Lookup =>
    (n) =>
      undecided(n, `decision ${n} cannot be decided again: ${what}`);
  const text = Object.hasOwn(file.rules, digest) ? file.rules[digest] : undefined;
  if (text === undefined) return failed(`its rules ${digest} are not in the file`);
  // Nothing runs that is not the text which the decisions name.
  if (sha256Hex(text) !== digest) return failed(`the rules text does not have its digest ${digest}, so it was not run`);
  const rules = rulesFor(digest, text);
  const policies = policiesWithDigest(file);
  try {
    const results = await rules.redecide(decisions, policies);
    return (n) => results[n - 1] ?? failed('the rules did not answer for it')(n);
  } catch (error) {
    if (error instanceof RulesNotRun) return failed(error.message);
    return upToThrow(rules, decisions, policies, error);
  }
}

/** Nothing is decided by a document that is not the one which the decisions name. */
function policiesWithDigest({ policies }: HistoryFile): HistoryFile['policies'] {
  return Object.fromEntries(Object.entries(policies).filter(([digest, document]) => documentDigest(document) === digest));
}

/** Recorded events that no rule made can make the fold throw: decides what comes before and names the first that does. */
async function upToThrow(
  rules: RulesModule,
  decisions: readonly StoredDecision[],
  policies: HistoryFile['policies'],
  thrown: unknown,
): Promise<Lookup> {
  let results: readonly Verification[] = [];
  let [good, bad, why] = [0, decisions.length, thrown];
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    try {
      results = await rules.redecide(decisions.slice(0, middle), policies);
      good = middle;
    } catch (error) {
      [bad, why] = [middle, error];
    }
  }
  const words = `the rules cannot read what decision ${bad} records: ${why instanceof Error ? why.message : String(why)}`;
  return (n) => results[n - 1] ?? { n, ok: false, what: `decision ${n} cannot be decided again: ${words}` };
}

interface Telling {
  readonly file: HistoryFile;
  readonly disclosed: Disclosed;
  readonly texts: Texts;
}

function reportOf(decision: Decision, { file, disclosed, texts }: Telling, again: Again): Omit<DecisionReport, 'aggregate' | 'n'> {
  const { outcome, facts, command } = decision;
  const document = Object.hasOwn(file.policies, facts.policy) ? file.policies[facts.policy] : undefined;
  const { events, next } = outcomeWords(outcome, disclosed, texts);
  return {
    at: decision.at,
    who: whoWords(command.by, disclosed),
    input: commandWords(decision.aggregate.split(':')[0] ?? '', command, disclosed),
    policy: policyValues(decision, document),
    instants: Object.values(facts.instants).map((fact) => instantWords(fact, disclosed)),
    outcome: events,
    next,
    rules: decision.rules,
    same: again.ok,
    ...(again.undecided === true && { undecided: true as const }),
    ...(!again.ok && { why: printable(again.what, 4_000) }),
  };
}

function outcomeWords(
  outcome: Decision['outcome'],
  disclosed: Disclosed,
  texts: Texts,
): { readonly events: readonly string[]; readonly next: readonly string[] } {
  if ('refused' in outcome) {
    const { code, message, cure } = outcome.refused;
    return { events: [`refused (${valueWords(code, disclosed)}): ${valueWords(message, disclosed)} ${valueWords(cure, disclosed)}`], next: [] };
  }
  const due = outcome.due === null ? [] : [printable(`waits for ${outcome.due.rule} at ${outcome.due.at}`)];
  return {
    events: outcome.events.map((event) => eventWords(event, disclosed, texts)),
    next: [...due, ...outcome.owes.map((effect) => effectWords(effect, disclosed))],
  };
}
