import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonical, sha256Hex } from '../../domain/canonical.ts';
import { decisionHash } from '../../domain/decision.ts';
import { redecide, type StoredDecision, verifyChain } from '../../domain/verify-decisions.ts';
import { base64url, disclose, disclosureDigest, encodeDisclosure, isSalted } from '../../domain/salted.ts';
import { CaseStatus, Verdict } from '../../domain/case/model.ts';
import { answer, caseIn, outcome, removed } from '../support/builders.ts';
import { POLICY_DIGEST, POLICY_DOCUMENT } from '../support/story.ts';

const POLICIES = { [POLICY_DIGEST]: POLICY_DOCUMENT };

function chain(): readonly StoredDecision[] {
  const story = caseIn[CaseStatus.takingDown]();
  answer(story, Verdict.counterfeit);
  answer(story, Verdict.genuine);
  outcome(story, removed(story));
  outcome(story, { kind: 'restored' });
  return story.chain;
}
const CHAIN = chain();

/** The path of every leaf of a JSON value. */
function leaves(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, child]) => leaves(child, [...path, key]));
}

/** A copy with one leaf changed. */
function changed(value: unknown, [key, ...rest]: readonly string[], to: (leaf: unknown) => unknown): unknown {
  if (key === undefined) return to(value);
  if (Array.isArray(value)) return value.map((child, i) => (String(i) === key ? changed(child, rest, to) : child));
  return Object.fromEntries(Object.entries(value as object).map(([name, child]) => [name, name === key ? changed(child, rest, to) : child]));
}

function other(leaf: unknown): unknown {
  if (typeof leaf === 'string') return `${leaf}x`;
  if (typeof leaf === 'number') return leaf + 1;
  return typeof leaf === 'boolean' ? !leaf : 'x';
}

/** The same chain with its hashes made anew: what a forger would do who can compute. */
function rehashed(decisions: readonly StoredDecision[]): readonly StoredDecision[] {
  let prev = decisions[0]?.decision.prev ?? '';
  return decisions.map(({ decision }) => {
    const linked = { ...decision, prev };
    prev = decisionHash(linked);
    return { decision: linked, hash: prev };
  });
}

const isBroken = (decisions: readonly StoredDecision[]) => verifyChain(decisions).some((check) => !check.ok);
const isDifferent = (decisions: readonly StoredDecision[]) => redecide(decisions, POLICIES).some((check) => !check.ok);

describe('canonical JSON (RFC 8785)', () => {
  it('prints the example of section 3.2.2 as section 3.2.3 does', () => {
    // The RFC's own literal, which no double holds exactly: that is the point of the example.
    const numbers = [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001];
    const text = '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}';
    expect(canonical({ numbers, string: "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\u0022/", literals: [null, true, false] })).toBe(text);
  });

  it('sorts by UTF-16 code units (section 3.2.3)', () => {
    const sorted = ['\r', '1', '\u0080', '\u00f6', '\u20ac', '\ud83d\ude00', '\ufb33'];
    const keys = [...canonical(Object.fromEntries(sorted.toReversed().map((key, i) => [key, i]))).matchAll(/"((?:\\.|[^"])*)":/g)].map(([, key]) =>
      JSON.parse(`"${key}"`),
    );
    expect(keys).toEqual(sorted);
  });

  it('refuses what JSON cannot hold', () => {
    expect(() => canonical(undefined)).toThrow(TypeError);
    expect(() => canonical({ a: Number.NaN })).toThrow();
  });
});

describe('the hash of a decision', () => {
  it('is SHA-256 over the tag and the canonical bytes, as node:crypto computes it', () => {
    for (const { decision, hash } of CHAIN) {
      expect(hash).toBe(createHash('sha256').update('interdict.decision.v1\n').update(canonical(decision)).digest('hex'));
    }
    expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  it('does not depend on the order of keys, which a database may change', () => {
    const [{ decision, hash } = CHAIN[0] as StoredDecision] = CHAIN;
    const turned = Object.fromEntries(Object.entries(decision).toReversed());
    expect(sha256Hex(`interdict.decision.v1\n${canonical(turned)}`)).toBe(hash);
  });
});

describe('an exported chain', () => {
  it('is whole and comes out the same', () => {
    expect([isBroken(CHAIN), isDifferent(CHAIN)]).toEqual([false, false]);
    expect(verifyChain([])).toEqual([]);
  });

  it('is broken by the change of any single field', () => {
    for (const path of leaves(CHAIN)) {
      const tampered = changed(CHAIN, path, other) as readonly StoredDecision[];
      expect(isBroken(tampered), path.join('.')).toBe(true);
    }
  });

  it('is broken by a field more, a field less, a decision less in the middle, doubled or moved', () => {
    const paths = leaves(CHAIN).filter((path) => path.length > 2);
    fc.assert(
      fc.property(fc.constantFrom(...paths), (path) => {
        const less = changed(CHAIN, path.slice(0, -1), (node) =>
          Array.isArray(node) ? node.slice(0, -1) : Object.fromEntries(Object.entries(node as object).filter(([key]) => key !== path.at(-1))),
        );
        const more = changed(CHAIN, path.slice(0, -1), (node) => (Array.isArray(node) ? [...node, 1] : { ...(node as object), added: 1 }));
        expect([isBroken(less as readonly StoredDecision[]), isBroken(more as readonly StoredDecision[])]).toEqual([true, true]);
      }),
    );
    expect(isBroken(CHAIN.toSpliced(2, 1))).toBe(true);
    expect(isBroken(CHAIN.slice(1))).toBe(true);
    expect(isBroken([...CHAIN, ...CHAIN.slice(-1)])).toBe(true);
    expect(isBroken(CHAIN.toReversed())).toBe(true);
  });

  it('comes out differently when an outcome is forged, even with all hashes made anew', () => {
    const outcomes = leaves(CHAIN).filter((path) => path[1] === 'decision' && path[2] === 'outcome');
    expect(outcomes.length).toBeGreaterThan(40);
    for (const path of outcomes) {
      const forged = rehashed(changed(CHAIN, path, other) as readonly StoredDecision[]);
      expect([isBroken(forged), isDifferent(forged)], path.join('.')).toEqual([false, true]);
    }
  });

  it('names the one decision that was forged', () => {
    const path = leaves(CHAIN).find((one) => one[0] === '1' && one[2] === 'outcome') ?? [];
    const wrong = redecide(changed(CHAIN, path, other) as readonly StoredDecision[], POLICIES).filter((check) => !check.ok);
    expect(wrong.map((check) => check.n)).toContain(2);
  });

  it('is not decided again without the policy that it names', () => {
    expect(redecide(CHAIN, {}).every((check) => !check.ok && check.what.includes('does not have its digest'))).toBe(true);
    expect(redecide(CHAIN, { constructor: POLICY_DOCUMENT }).every((check) => !check.ok)).toBe(true);
  });
});

describe('salted digests (RFC 9901)', () => {
  it('gives the digest that RFC 9901 section 4.2.3 prints for its array element', () => {
    const wire = 'WyJsa2x4RjVqTVlsR1RQVW92TU5JdkNBIiwgIkZSIl0';
    expect(createHash('sha256').update(wire).digest('base64url')).toBe('w0I8EKcdCtUPkGCNUrfwVp2xEgNjtoIDlOxc9-PlOhs');
    expect(base64url(createHash('sha256').update(wire).digest())).toBe('w0I8EKcdCtUPkGCNUrfwVp2xEgNjtoIDlOxc9-PlOhs');
  });

  it('is what node:crypto computes from salt and value, for any text', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), fc.string({ unit: 'grapheme' }), (random, value) => {
        const salt = Buffer.from(random).toString('base64url');
        const wire = Buffer.from(JSON.stringify([salt, value])).toString('base64url');
        expect(encodeDisclosure(salt, value)).toBe(wire);
        expect(disclosureDigest(salt, value)).toBe(createHash('sha256').update(wire, 'ascii').digest('base64url'));
      }),
    );
  });

  it('prints base64url of every length without padding', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => void expect(base64url(bytes)).toBe(Buffer.from(bytes).toString('base64url'))));
  });

  it('stands for its value in the form of an array element, and differs by salt', () => {
    const { salted, disclosure } = disclose('lklxF5jMYlGTPUovMNIvCA', 'FR');
    expect(salted).toEqual({ '...': disclosure.digest });
    expect(isSalted(salted)).toBe(true);
    expect(isSalted({ '...': 'x', more: 1 })).toBe(false);
    expect(disclose('AAAAAAAAAAAAAAAAAAAAAA', 'FR').disclosure.digest).not.toBe(disclosure.digest);
  });
});
