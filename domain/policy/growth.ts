/** One value of a policy document with where it comes from. */
export interface Sourced {
  readonly value: unknown;
  readonly source: string;
}

/** What is read of a policy document before it is known which form it has. */
interface Headed {
  readonly schema?: unknown;
  readonly name: string;
  readonly version: number;
}

/** The newest form of a policy document that these rules read. A document without `schema` is of the first one. */
export const POLICY_SCHEMA = 3;

/**
 * What one schema added: the value's path, and what an older document means by not having it. Either the value at another path of
 * the same document, or one that is written here. Once released an entry never changes: it is the meaning of open cases.
 */
interface Added {
  readonly schema: number;
  readonly path: string;
  readonly means: { readonly asAt: string } | { readonly value: unknown };
  readonly why: string;
}

/** Every value that a later schema added, in order. A new field of the schema needs its line here, or older documents are refused. */
export const ADDED: readonly Added[] = [
  {
    schema: 2,
    path: 'putBack.retryAfter',
    means: { asAt: 'takedown.retryAfter' },
    why: 'before schema 2 one list of waits was for both',
  },
  {
    schema: 3,
    path: 'confirmation.extensions.account-manager',
    means: { asAt: 'confirmation.extensionAtMost' },
    why: 'before schema 3 the account manager alone could extend the window',
  },
];

/** A document that is written in a form which these rules do not know (yet), or whose `schema` is no number. */
export class UnknownPolicySchema extends Error {
  readonly cure = 'Run the version of interdict that wrote it, or a newer one.';

  constructor(document: Headed) {
    const { name, version, schema } = document;
    super(`policy ${name} version ${version} is written in schema ${JSON.stringify(schema)}; this version reads schemas 1 to ${POLICY_SCHEMA}`);
    this.name = 'UnknownPolicySchema';
  }
}

/** The schema that a document says it is written in: 1 where it says none. Throws `UnknownPolicySchema`. */
export function schemaOf(document: Headed): number {
  const { schema } = document;
  if (schema === undefined) return 1;
  if (typeof schema === 'number' && Number.isInteger(schema) && schema >= 1 && schema <= POLICY_SCHEMA) return schema;
  throw new UnknownPolicySchema(document);
}

/**
 * The document with what later schemas added, each value with a source that says so. What it says itself stays; a document of the
 * newest schema, or of one that is not known, comes back as it is. The digest is always that of the document as it was stored.
 */
export function completed<T>(document: T): T {
  return later(document).reduce(withDefault, document);
}

/** The paths at which a document is read with a default. */
export function defaultsIn(document: unknown): readonly string[] {
  return later(document).flatMap(({ path }) => (nodeAt(document, path) === undefined ? [path] : []));
}

/** The values of later schemas that a document has although it says that it is older. */
export function fromLater(document: unknown): readonly Added[] {
  return later(document).filter(({ path }) => nodeAt(document, path) !== undefined);
}

function later(document: unknown): readonly Added[] {
  if (!isRecord(document)) return [];
  const schema = document['schema'] ?? 1;
  return typeof schema === 'number' ? ADDED.filter((added) => added.schema > schema) : [];
}

function withDefault<T>(document: T, { schema, path, means, why }: Added): T {
  if (nodeAt(document, path) !== undefined) return document;
  const leaf: Sourced = { value: meant(document, means), source: `default of schema ${schema}: ${why}` };
  return { ...document, ...setAt(document, path.split('.'), leaf) };
}

function meant(document: unknown, means: Added['means']): unknown {
  if ('value' in means) return means.value;
  const node = nodeAt(document, means.asAt);
  return isRecord(node) ? node['value'] : undefined;
}

function nodeAt(document: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((node, key) => (isRecord(node) && Object.hasOwn(node, key) ? node[key] : undefined), document);
}

function setAt(node: unknown, [key = '', ...rest]: readonly string[], leaf: Sourced): Readonly<Record<string, unknown>> {
  const inside = isRecord(node) ? node : {};
  const child = Object.hasOwn(inside, key) ? inside[key] : undefined;
  return { ...inside, [key]: rest.length === 0 ? leaf : setAt(child, rest, leaf) };
}

function isRecord(node: unknown): node is Record<string, unknown> {
  return typeof node === 'object' && node !== null && !Array.isArray(node);
}
