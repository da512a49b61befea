import { readFileSync } from 'node:fs';
import { expect, describe, test } from 'vitest';
import { ADDED, completed, defaultsIn, POLICY_SCHEMA, UnknownPolicySchema } from '../../domain/policy/growth.ts';
import { type PolicyDocument, policyDigest, sourceOf, valuesOf } from '../../domain/policy/policy.ts';
import { parsePolicy, PolicyError, shippedPolicy } from '../../policies/load.ts';

/**
 * Every default that was shipped, by its version. What stands in a store under such a number is this document: a change of
 * `policies/default.yaml` needs a new version, and the old text is kept in `shipped/`, because open cases pin it.
 */
const SHIPPED: Readonly<Record<number, string>> = {
  1: 'sha256:b1d4199f7f324e7e5b9be2a7242748fbe5c516ab5c7afaace90f0f39a867c955',
  2: 'sha256:635e6f8a30aceb0ed25d3f8efcf03d8538f35070afc00b01636238659a9832d5',
  3: 'sha256:04e090e1288015f4b25db60329a77d85e3789102903c6ac2609cd8c4e8e4b73f',
  4: 'sha256:52415a218582202800b4dc538e423e40ab7e14aba292b247daa84a82f0869c1b',
};

const textOf = (version: number) => readFileSync(new URL(`shipped/default-${version}.yaml`, import.meta.url), 'utf8');
const older = () => parsePolicy(textOf(1), 'default-1.yaml');

describe('the shipped documents', () => {
  test('the one that ships now is recorded under its version', async () => {
    const shipped = await shippedPolicy();
    expect([shipped.version, policyDigest(shipped)]).toEqual([Math.max(...Object.keys(SHIPPED).map(Number)), SHIPPED[shipped.version]]);
    expect(shipped.schema).toBe(POLICY_SCHEMA);
  });

  test.each(Object.keys(SHIPPED).slice(0, -1).map(Number))('version %i is the document that it was, and is read today', (version) => {
    const document = parsePolicy(textOf(version), `default-${version}.yaml`);
    expect(policyDigest(document)).toBe(SHIPPED[version]);
    // What the schema asks for today is there: a field that is added without saying what older documents mean by it is red here.
    expect(parsePolicy(JSON.stringify({ ...completed(document), schema: POLICY_SCHEMA }), 'whole')).toBeDefined();
  });
});

describe('an older document', () => {
  test('is read with the defaults that the schema states, and says where they come from', () => {
    const document = older();
    expect(document).not.toHaveProperty('schema');
    expect(document).not.toHaveProperty('putBack');
    expect(valuesOf(document).putBack).toEqual({ retryAfter: valuesOf(document).takedown.retryAfter });
    expect(sourceOf(document, 'putBack.retryAfter')).toMatch(/^default of schema 2: /);
    expect(defaultsIn(document)).toEqual(['putBack.retryAfter', 'confirmation.extensions.account-manager']);
    expect(valuesOf(document).confirmation.extensions).toEqual({ 'account-manager': { n: 24, unit: 'working-hours' } });
    expect(valuesOf(document)).toBe(valuesOf(document));
  });

  test('means its own value where the default is another one of it', () => {
    const slow: PolicyDocument = { ...older(), takedown: { retryAfter: { value: [{ n: 7, unit: 'minutes' }], source: 'ours' } } };
    expect(valuesOf(slow).putBack.retryAfter).toEqual([{ n: 7, unit: 'minutes' }]);
  });

  test('keeps its digest: reading adds nothing to what is stored', () => {
    const document = older();
    const before = policyDigest(document);
    valuesOf(document);
    expect([policyDigest(document), policyDigest(completed(document)) === before]).toEqual([before, false]);
  });

  test('is not touched in what it says, and the newest one not at all', async () => {
    const { putBack: _, ...rest } = valuesOf(older());
    expect(rest).toMatchObject({ name: 'default', version: 1 });
    const shipped = await shippedPolicy();
    expect(completed(shipped)).toBe(shipped);
    expect(defaultsIn(shipped)).toEqual([]);
  });
});

describe('what cannot be read is told', () => {
  const problemsOf = (document: object) => {
    try {
      parsePolicy(JSON.stringify(document), 'mine.yaml');
      return [];
    } catch (error) {
      if (!(error instanceof PolicyError)) throw error;
      return error.problems;
    }
  };

  test('a schema of the future, when it is loaded and in the store', async () => {
    const future = { ...(await shippedPolicy()), schema: POLICY_SCHEMA + 1 };
    expect(problemsOf(future)).toContainEqual(
      expect.objectContaining({ path: 'schema', message: `this version reads schemas 1 to ${POLICY_SCHEMA}` }),
    );
    expect(() => valuesOf(future)).toThrow(UnknownPolicySchema);
    expect(() => valuesOf({ ...future, schema: 'two' })).toThrow(/written in schema "two"/);
    expect(problemsOf({ ...future, schema: 'two' })).toContainEqual(expect.objectContaining({ path: 'schema' }));
  });

  test('a field of a later schema than the document names, and one that its schema asks for', async () => {
    const { schema: _, ...early } = await shippedPolicy();
    expect(problemsOf(early)).toEqual([
      { path: 'putBack.retryAfter', message: 'belongs to schema 2', cure: 'write "schema: 2" at the top, or remove it' },
      { path: 'confirmation.extensions.account-manager', message: 'belongs to schema 3', cure: 'write "schema: 3" at the top, or remove it' },
    ]);
    const { putBack: __, ...without } = await shippedPolicy();
    expect(problemsOf(without)).toContainEqual(expect.objectContaining({ path: 'putBack', message: 'missing' }));
  });

  test('each addition names its schema, in order, up to the newest', () => {
    const schemas = ADDED.map(({ schema }) => schema);
    expect(schemas).toEqual([...schemas].sort((a, b) => a - b));
    expect([Math.min(...schemas), Math.max(...schemas)]).toEqual([2, POLICY_SCHEMA]);
  });
});
