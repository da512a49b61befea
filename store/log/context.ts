import type { Clock } from '../../domain/clock.ts';
import { type PolicyDocument, type PolicyValues, valuesOf } from '../../domain/policy/policy.ts';
import { PolicyRow } from '../schema/entities/register.ts';
import type { Manager, Store } from '../connection/orm.ts';
import { statement } from '../connection/statement.ts';

/** What the log of one process works with. */
export interface LogContext {
  readonly store: Store;
  readonly clock: Clock;
  /** Digest of the rules bundle that decides in this process; the bundle is kept in the store. */
  readonly rules: string;
  readonly policies: PolicyCache;
}

/** Policy documents by digest. They are immutable, so a process reads each once. */
export class PolicyCache {
  readonly #byDigest = new Map<string, PolicyValues>();

  /**
   * The values of a policy version, an older form read with its defaults. Throws when the store does not hold it (a case never
   * outlives its policy), and `UnknownPolicySchema` when a newer version of interdict wrote it.
   */
  async values(em: Manager, digest: string): Promise<PolicyValues> {
    const known = this.#byDigest.get(digest);
    if (known !== undefined) return known;
    const row = await em.findOne(PolicyRow, { digest });
    if (row === null) throw new Error(`the store holds no policy ${digest}`);
    // Checked by policies/load.ts before it was stored.
    const values = valuesOf(row.document as PolicyDocument);
    this.#byDigest.set(digest, values);
    return values;
  }

  /** The version that new cases pin. */
  async current(em: Manager, at: string): Promise<{ digest: string; values: PolicyValues }> {
    const [row] = await statement<{ digest: string }>(em, 'select digest from policy where since <= $1 order by since desc, version desc limit 1', [
      at,
    ]);
    if (row === undefined) throw new Error('the store holds no policy that is in force');
    return { digest: row.digest, values: await this.values(em, row.digest) };
  }
}
