import type { Instant } from '../../domain/instant.ts';
import { changesBetween, offerOf, type PolicyChange } from '../../domain/policy/compare.ts';
import { defaultsIn } from '../../domain/policy/growth.ts';
import { type PolicyDocument, policyDigest, valuesOf } from '../../domain/policy/policy.ts';
import type { PolicyRow } from '../schema/entities/register.ts';
import type { Manager } from '../connection/orm.ts';
import { policiesOf } from './register-pages.ts';

/** How an installation stands with its policies. */
export interface PolicyStatus {
  /** What new cases pin; null where nothing is in force. */
  readonly inForce: (PolicyLine & { readonly schema: unknown; readonly since: string; readonly defaults: readonly string[] }) | null;
  /** What is open, by the version that it has pinned; `trouble` says why that version cannot be read. */
  readonly pinned: readonly {
    readonly digest: string;
    readonly name: string | null;
    readonly version: number | null;
    readonly open: number;
    readonly trouble: string | null;
  }[];
  /** The shipped policy, where this installation has never had it: what it would change. */
  readonly offered: (PolicyLine & { readonly changes: readonly PolicyChange[] }) | null;
}

interface PolicyLine {
  readonly digest: string;
  readonly name: string;
  readonly version: number;
}

const PINNED = `select coalesce(state->>'policy', state->'of'->>'policy', '') as digest, count(*)::int as open
  from aggregate where not is_final group by 1 order by 1`;

/** Reads what is in force, what open aggregates pin, and whether the shipped document is new here. Changes nothing. */
export async function policyStatus(em: Manager, now: Instant, shipped: PolicyDocument): Promise<PolicyStatus> {
  const rows = await policiesOf(em);
  const current = rows.find((row) => row.since <= now);
  const pinned = await em.execute<{ digest: string; open: number }[]>(PINNED);
  const offer = offerOf(shipped, rows.map(documentOf));
  return {
    inForce: current === undefined ? null : { ...lineOf(documentOf(current)), since: current.since, ...formOf(documentOf(current)) },
    pinned: pinned.map(({ digest, open }) => {
      const row = rows.find((one) => one.digest === digest);
      return { digest, name: row?.name ?? null, version: row?.version ?? null, open, trouble: troubleWith(row) };
    }),
    offered: offer === undefined ? null : { ...lineOf(offer), changes: changesBetween(current?.document ?? {}, offer) },
  };
}

function documentOf(row: PolicyRow): PolicyDocument {
  // Checked by policies/load.ts before it was stored.
  return row.document as PolicyDocument;
}

function lineOf(document: PolicyDocument): PolicyLine {
  const { name, version } = document;
  return { digest: policyDigest(document), name, version };
}

function formOf(document: PolicyDocument): { readonly schema: unknown; readonly defaults: readonly string[] } {
  return { schema: document.schema ?? 1, defaults: defaultsIn(document) };
}

function troubleWith(row: PolicyRow | undefined): string | null {
  if (row === undefined) return 'the store does not hold it';
  if (policyDigest(documentOf(row)) !== row.digest) return 'the stored document does not have its digest';
  try {
    valuesOf(documentOf(row));
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
