import { canonical, sha256Hex } from '../domain/canonical.ts';
import type { Decision } from '../domain/decision.ts';
import { type ChainRecord, chainsOf, historyDigest, type HistoryFile } from '../domain/history-file.ts';
import { kindOf } from '../domain/ids.ts';
import { verifyChain } from '../domain/verify-decisions.ts';
import { disclosureDigest } from '../domain/salted.ts';
import type { Check, CheckKind, DecisionPlace } from './check.ts';
import { appealLink, sealCheck } from './seals.ts';

/** The checks of a file, up to the first that is broken, and what they leave open. */
export interface Verified {
  readonly checks: readonly Check[];
  /** Digests of rules that the verifier does not know. */
  readonly unknownRules: readonly string[];
  /** Whether such rules ran, so that the file's own rules judged the file. */
  readonly isOwnJudge: boolean;
  /** What stays unproved although nothing is broken, a sentence each. */
  readonly unproved: readonly string[];
}

export interface VerifyOptions {
  /** The sealed root or the file's digest, as published or witnessed elsewhere: the only proof against who rewrites the whole file. */
  readonly root?: string | undefined;
}

/**
 * Everything about a file that can be checked without deciding anything again: chains, seals, appeals' roots, and that every
 * document, rules text and disclosure is the one that the decisions name.
 */
export function verifyHistory(file: HistoryFile, options: VerifyOptions = {}): readonly Check[] {
  const chains = chainsOf(file);
  return [
    kindCheck(file),
    ...chains.flatMap((chain) => [...chainChecks(chain), sealCheck(chain)]),
    ...(options.root === undefined ? [] : [rootCheck(file, options.root)]),
    ...file.appeals.map((appeal) => appealLink(file, appeal)),
    ...documentChecks(chains, 'policy', (decision) => decision.facts.policy, file.policies, documentDigest),
    ...documentChecks(
      chains,
      'rules',
      (decision) => decision.rules,
      file.rules,
      (text) => sha256Hex(String(text)),
    ),
    ...chains.flatMap(disclosureChecks),
    // Last, because it only says that something changed: what it was is said by the others.
    ...digestChecks(file),
  ];
}

function kindCheck(file: HistoryFile): Check {
  const ids = chainsOf(file).map((chain) => chain.aggregate);
  const isRight = kindOf(file.aggregate) === file.kind && new Set(ids).size === ids.length;
  return {
    check: 'chain',
    ok: isRight,
    what: isRight ? `${file.aggregate} is a ${file.kind}` : `${file.aggregate} is not one ${file.kind} with its appeals`,
  };
}

function digestChecks(file: HistoryFile): readonly Check[] {
  if (file.digest === undefined) return [];
  const ok = historyDigest(file) === file.digest;
  return [
    { check: 'file', ok, what: ok ? `the file has its digest ${file.digest}` : 'the content of the file does not match the digest that it carries' },
  ];
}

function chainChecks(chain: ChainRecord): readonly Check[] {
  const links = verifyChain(chain.decisions).flatMap((link) => (link.ok ? [] : [broken('chain', chain, link.n, link.what)]));
  const all = [...links, ...formFaults(chain)].sort((a, b) => (a.at?.n ?? 0) - (b.at?.n ?? 0));
  if (all.length > 0) return all;
  const what = `${chain.aggregate}: ${chain.decisions.length} decisions, every hash recomputed, every link to the one before it unbroken`;
  return [{ check: 'chain', ok: true, what }];
}

/** What the log guarantees of any chain, whatever the rules: a rewritten chain with fresh hashes must keep to it too. */
function formFaults(chain: ChainRecord): readonly Check[] {
  const commands = new Map<string, number>();
  const policy = chain.decisions[0]?.decision.facts.policy;
  return chain.decisions.flatMap(({ decision }, index) => {
    const n = index + 1;
    const repeated = commands.get(decision.command.id);
    commands.set(decision.command.id, n);
    const faults = [
      decision.aggregate !== chain.aggregate && `decision ${n} belongs to ${decision.aggregate}`,
      decision.at !== decision.command.at && `decision ${n} does not carry the instant of its command`,
      decision.facts.policy !== policy && `decision ${n} names another policy than the one pinned at opening`,
      repeated !== undefined && `decision ${n} decides the command of decision ${repeated} a second time`,
    ];
    return faults.flatMap((what) => (what === false ? [] : [broken('chain', chain, n, what)]));
  });
}

function rootCheck(file: HistoryFile, root: string): Check {
  if (file.digest === root) return { check: 'file', ok: true, what: 'the file has the digest that you named' };
  const ok = file.seal?.root === root;
  const found = file.seal === null ? 'the history is not sealed' : `the file is sealed with ${file.seal.root}`;
  return { check: 'seal', ok, what: ok ? 'the seal is the root that you named' : `you named the root ${root}, but ${found}` };
}

/** The digest by which decisions name a policy document. */
export function documentDigest(document: unknown): string {
  return `sha256:${sha256Hex(canonical(document))}`;
}

/** Every digest that decisions name has its document in the file, every document its digest, and nothing else is there. */
function documentChecks(
  chains: readonly ChainRecord[],
  check: 'policy' | 'rules',
  named: (decision: Decision) => string,
  documents: Readonly<Record<string, unknown>>,
  digest: (document: unknown) => string,
): readonly Check[] {
  const users = new Map<string, DecisionPlace>();
  for (const { aggregate, decisions } of chains) {
    for (const [index, { decision }] of decisions.entries()) {
      if (!users.has(named(decision))) users.set(named(decision), { aggregate, n: index + 1 });
    }
  }
  const noun = check === 'policy' ? 'the policy document' : 'the rules text';
  const used = [...users].map(([name, at]): Check => {
    if (!Object.hasOwn(documents, name)) return { check, ok: false, what: `${noun} ${name} that decision ${at.n} names is not in the file`, at };
    const ok = digest(documents[name]) === name;
    return ok
      ? { check, ok, what: `${noun} ${name} has its digest` }
      : { check, ok, what: `${noun} of decision ${at.n} does not have the digest ${name}`, at };
  });
  const unused = Object.keys(documents).filter((name) => !users.has(name));
  return [...used, ...unused.map((name): Check => ({ check, ok: false, what: `${noun} ${name} is in the file, but no decision names it` }))];
}

function disclosureChecks(chain: ChainRecord): readonly Check[] {
  const named = new Map<string, number>();
  for (const [index, { decision }] of chain.decisions.entries()) {
    for (const digest of saltedDigests(decision)) if (!named.has(digest)) named.set(digest, index + 1);
  }
  const wrong = chain.disclosures.flatMap(({ digest, salt, value }): readonly Check[] => {
    const n = named.get(digest);
    if (n === undefined) return [{ check: 'disclosure', ok: false, what: `${chain.aggregate}: the disclosure ${digest} belongs to no decision` }];
    if (disclosureDigest(salt, value) === digest) return [];
    return [broken('disclosure', chain, n, `a value disclosed for decision ${n} is not the one that was decided on (digest ${digest})`)];
  });
  const known = new Set(chain.disclosures.map(({ digest }) => digest));
  if (known.size < chain.disclosures.length) {
    return [...wrong, { check: 'disclosure', ok: false, what: `${chain.aggregate}: a disclosure is in the file twice` }];
  }
  const withheld = [...named.keys()].filter((digest) => !known.has(digest)).length;
  const what = `${chain.aggregate}: ${known.size} disclosed values match their digests${withheld > 0 ? `, ${withheld} are withheld or erased` : ''}`;
  return wrong.length > 0 ? wrong : [{ check: 'disclosure', ok: true, what }];
}

/** The digests of every salted value inside a JSON value. */
export function saltedDigests(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => (key === '...' && typeof child === 'string' ? [child] : saltedDigests(child)));
}

function broken(check: CheckKind, chain: ChainRecord, n: number, what: string): Check {
  return { check, ok: false, what: `${chain.aggregate}: ${what}`, at: { aggregate: chain.aggregate, n } };
}
