import { RulesRow, PolicyRow } from './entities/register.ts';
import type { PolicyDocument } from '../domain/policy/policy.ts';
import { policyDigest, valuesOf } from '../domain/policy/policy.ts';
import type { Instant } from '../domain/instant.ts';
import { insertMissing } from './insert.ts';
import type { Manager } from './orm.ts';

/** Stores a checked policy version; new cases pin it from `since` on. Storing it twice changes nothing. Returns its digest. */
export async function storePolicy(em: Manager, policy: PolicyDocument, since: Instant): Promise<string> {
  const digest = policyDigest(policy);
  const { name, version } = valuesOf(policy);
  await insertMissing(em, PolicyRow, [{ digest, name, version, document: { ...policy }, since }]);
  return digest;
}

/** Keeps the text of a rules bundle for as long as decisions name it. */
export async function storeRules(em: Manager, rules: { readonly digest: string; readonly text: string }): Promise<void> {
  const { digest, text } = rules;
  await insertMissing(em, RulesRow, [{ digest, text }]);
}
