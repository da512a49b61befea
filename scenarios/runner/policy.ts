import { readDuration } from '../../domain/instant.ts';
import { readFile } from 'node:fs/promises';
import { isSourced, type PolicyDocument } from '../../domain/policy/policy.ts';
import { parsePolicy, PolicyError, shippedPolicy } from '../../policies/load.ts';
import { ScenarioError, type Story } from './document.ts';
import { suggestion } from './explain.ts';
import type { Path, Problem } from './yaml-text.ts';

/** The policy of a story: the shipped one, a file beside the story, or the shipped one with some values changed. */
export async function policyOf(story: Story): Promise<PolicyDocument> {
  const { scenario, file, lineOf, beside } = story;
  if (scenario.policy === undefined) return shippedPolicy();
  const fail = (problems: readonly Problem[]): never => {
    throw new ScenarioError(file, problems);
  };
  const line = lineOf(['policy']);
  try {
    if (typeof scenario.policy === 'string') {
      const text = await readFile(beside(scenario.policy), 'utf8').catch(() =>
        fail([{ line, what: `there is no policy file ${scenario.policy}`, cure: 'write its path relative to the story' }]),
      );
      return parsePolicy(text, scenario.policy);
    }
    const problems: Problem[] = [];
    const changed = Object.entries(scenario.policy).reduce<Tree>(
      (tree, [key, value]) =>
        changeAt(
          tree,
          key.split('.'),
          value,
          ['policy', key],
          (path, what, cure) => problems.push({ line: lineOf(path), what, cure }),
          scenario.name,
        ),
      { ...(await shippedPolicy()) },
    );
    if (problems.length > 0) fail(problems);
    return parsePolicy(JSON.stringify(changed), file);
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    return fail(
      error.problems.map(({ path, message, cure }) => ({ line: lineOf(['policy', ...path.split('.')]), what: `policy ${path}: ${message}`, cure })),
    );
  }
}

type Tree = Readonly<Record<string, unknown>>;
type Wrong = (path: Path, what: string, cure: string) => void;

/** Changes the value under the keys; a value with its source is replaced as a whole and says which story changed it. */
function changeAt(tree: Tree, [key, ...rest]: readonly string[], value: unknown, path: Path, wrong: Wrong, story: string): Tree {
  if (key === undefined) return tree;
  if (!Object.hasOwn(tree, key)) {
    wrong(path, `the policy has no "${key}"`, suggestion(key, Object.keys(tree)));
    return tree;
  }
  const old = tree[key];
  if (isSourced(old)) return { ...tree, [key]: { value: plain(rest.length === 0 ? value : undefined), source: `changed by the story ${story}` } };
  if (!isTree(old)) return { ...tree, [key]: value };
  if (rest.length > 0) return { ...tree, [key]: changeAt(old, rest, value, path, wrong, story) };
  if (!isTree(value)) {
    wrong(path, `"${key}" of the policy is a section, not a value`, suggestion('', Object.keys(old)));
    return tree;
  }
  const inner = Object.entries(value).reduce((node, [name, child]) => changeAt(node, name.split('.'), child, [...path, name], wrong, story), old);
  return { ...tree, [key]: inner };
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Durations may be written in words, as everywhere in a story. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  return typeof value === 'string' ? (readDuration(value) ?? value) : value;
}
