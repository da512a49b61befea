import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';

/** One thing wrong with a document: where, what, and what would mend it. */
export interface Problem {
  readonly line: number;
  readonly what: string;
  readonly cure: string;
}

export type Path = readonly PropertyKey[];

/** A document's value and where each part of it stands. */
export interface ReadText {
  readonly value: unknown;
  /** Line (from 1) of the part at a path, or of the nearest part around it. */
  readonly lineOf: (path: Path) => number;
}

/** No honest story is longer. */
export const LONGEST_DOCUMENT = 1_048_576;
/** An alias that stands for an alias many times over is how a small file fills a memory. */
const MOST_ALIASES = 200;

/** Reads YAML or JSON (JSON is YAML). Nothing in a document can make this throw. */
export function readText(text: string): ReadText | { readonly problems: readonly Problem[] } {
  if (text.length > LONGEST_DOCUMENT) return wrong(1, `the document is longer than ${LONGEST_DOCUMENT} characters`, 'split it into several stories');
  const lines = new LineCounter();
  try {
    const document = parseDocument(text, { lineCounter: lines, logLevel: 'silent', prettyErrors: false });
    if (document.errors.length > 0) {
      return {
        problems: document.errors
          .slice(0, 10)
          .map(({ message, pos }) => ({ line: lines.linePos(pos[0]).line, what: message.trim(), cure: 'correct the YAML' })),
      };
    }
    if (document.contents === null) return wrong(1, 'the document is empty', 'write name, given, steps and expect; docs/scenarios.md has an example');
    const value: unknown = document.toJS({ maxAliasCount: MOST_ALIASES });
    const contents = document.contents;
    const resolve = (node: unknown): unknown => (isAlias(node) ? node.resolve(document) : node);
    return { value, lineOf: (path) => lines.linePos(offsetOf(contents, path, resolve)).line };
  } catch (error) {
    // The library throws plain errors for aliases (unknown ones, too many), and a deep enough nesting ends the stack.
    return wrong(
      1,
      error instanceof Error ? (error.message.split('\n')[0] ?? 'cannot be read') : 'cannot be read',
      'write plain YAML or JSON without tricks',
    );
  }
}

function wrong(line: number, what: string, cure: string) {
  return { problems: [{ line, what, cure }] };
}

function offsetOf(root: Node, path: Path, resolve: (node: unknown) => unknown): number {
  let offset = root.range?.[0] ?? 0;
  let node: unknown = root;
  for (const part of path) {
    node = resolve(node);
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => (isScalar(key) ? String(key.value) : String(key)) === String(part));
      if (pair === undefined) return offset;
      offset = startOf(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(part)];
      offset = startOf(node) ?? offset;
    } else return offset;
  }
  return offset;
}

function startOf(node: unknown): number | undefined {
  return typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range) ? Number(node.range[0]) : undefined;
}
