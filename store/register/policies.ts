import { RulesRow, PolicyRow } from '../schema/entities/register.ts';
import type { PolicyDocument } from '../../domain/policy/policy.ts';
import { policyDigest, valuesOf } from '../../domain/policy/policy.ts';
import type { Instant } from '../../domain/instant.ts';
import { insertMissing } from '../connection/insert.ts';
import { lockPolicies } from '../log/locks.ts';
import type { Manager } from '../connection/orm.ts';

/** Why a document is not put in force: `version-taken` or `superseded`. */
export class PolicyRefused extends Error {
  readonly code: 'version-taken' | 'superseded';
  readonly cure: string;

  constructor(code: PolicyRefused['code'], message: string, cure: string) {
    super(message);
    this.name = 'PolicyRefused';
    this.code = code;
    this.cure = cure;
  }
}

const QUIET = { fields: ['digest', 'name', 'version', 'since'] } as const;

/**
 * Stores a checked policy version; new cases pin it from `since` on. The one that is in force may be stored again: nothing changes.
 * Returns its digest. Throws `PolicyRefused` where the version's number is another document's or lies behind the newest of its name, or
 * where this very document was in force before another one: versions are immutable and follow each other, so old content comes
 * back under a new number.
 */
export async function storePolicy(em: Manager, policy: PolicyDocument, since: Instant): Promise<string> {
  const digest = policyDigest(policy);
  // A document that cannot be read is never stored.
  const { name, version } = valuesOf(policy);
  await em.transactional(async (transaction) => {
    const tx = transaction as Manager;
    await lockPolicies(tx);
    const known = await tx.find(PolicyRow, { $or: [{ digest }, { name }] }, QUIET);
    const highest = Math.max(0, ...known.filter((row) => row.name === name).map((row) => row.version));
    const same = known.find((row) => row.digest === digest);
    const isBack = same !== undefined && (await tx.count(PolicyRow, { since: { $gt: same.since } })) > 0;
    const cure = `Give it version ${highest + 1}.`;
    if (isBack) throw new PolicyRefused('superseded', `Policy ${name} version ${version} was in force before; another one has followed it.`, cure);
    if (same === undefined && version <= highest) {
      const isTaken = known.some((row) => row.name === name && row.version === version);
      const what = isTaken ? `There is a policy ${name} version ${version} with other content.` : `Policy ${name} has come to version ${highest}.`;
      throw new PolicyRefused('version-taken', what, cure);
    }
    await insertMissing(tx, PolicyRow, [{ digest, name, version, document: { ...policy }, since }]);
  });
  return digest;
}

/** Keeps the text of a rules bundle for as long as decisions name it. */
export async function storeRules(em: Manager, rules: { readonly digest: string; readonly text: string }): Promise<void> {
  const { digest, text } = rules;
  await insertMissing(em, RulesRow, [{ digest, text }]);
}
