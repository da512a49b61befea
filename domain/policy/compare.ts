import { canonical } from '../canonical.ts';
import { completed } from './growth.ts';
import { isSourced, type PolicyDocument } from './policy.ts';

/** One value that differs between two documents: `was` and `is` as JSON, null where it is not there. */
export interface PolicyChange {
  readonly path: string;
  readonly was: string | null;
  readonly is: string | null;
  readonly wasSource: string | null;
  readonly isSource: string | null;
}

interface Leaf {
  readonly value: string;
  readonly source: string | null;
}

/** What differs between two documents, values and sources, by path; an older form is compared with its defaults in. */
export function changesBetween(before: unknown, after: unknown): PolicyChange[] {
  const [old, now] = [leavesOf(completed(before)), leavesOf(completed(after))];
  const paths = [...new Set([...old.keys(), ...now.keys()])].sort();
  return paths.flatMap((path) => {
    const [was, is] = [old.get(path), now.get(path)];
    if (was?.value === is?.value && was?.source === is?.source) return [];
    return [{ path, was: was?.value ?? null, is: is?.value ?? null, wasSource: was?.source ?? null, isSource: is?.source ?? null }];
  });
}

/** Every value by its path. */
function leavesOf(node: unknown, path = ''): ReadonlyMap<string, Leaf> {
  if (isSourced(node)) return new Map([[path, { value: canonical(node.value), source: node.source }]]);
  if (typeof node !== 'object' || node === null) return new Map([[path, { value: canonical(node), source: null }]]);
  return new Map(Object.entries(node).flatMap(([key, child]) => [...leavesOf(child, path === '' ? key : `${path}.${key}`)]));
}

/**
 * The shipped document where an installation has never stored its content, under the number with which it can be put in force: its
 * own, or the next one where its own was given to something else meanwhile (a stopped detector makes a version too).
 */
export function offerOf(shipped: PolicyDocument, stored: readonly PolicyDocument[]): PolicyDocument | undefined {
  const content = contentOf(shipped);
  if (stored.some((document) => contentOf(document) === content)) return undefined;
  const highest = Math.max(0, ...stored.filter(({ name }) => name === shipped.name).map(({ version }) => version));
  return highest < shipped.version ? shipped : { ...shipped, version: highest + 1 };
}

function contentOf({ version: _, ...content }: PolicyDocument): string {
  return canonical(content);
}
