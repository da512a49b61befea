import { canonical, sha256Hex } from './canonical.ts';
import type { StoredDecision } from './verify-decisions.ts';
import type { AggregateId, AggregateKind } from './ids.ts';
import type { Instant } from './instant.ts';
import type { Disclosure } from './salted.ts';

/** The name of the format; another shape gets another name. */
export const HISTORY_FORMAT = 'interdict.history.v1';

/** The place of a closed chain in the operator's sequence; `root` is the hash of its last decision. */
export interface Seal {
  readonly sequence: number;
  readonly root: string;
  readonly at: Instant;
}

/** One aggregate's decisions with the values that may be shown; a disclosure that is left out is redacted or erased. */
export interface ChainRecord {
  readonly aggregate: AggregateId;
  readonly decisions: readonly StoredDecision[];
  readonly disclosures: readonly Disclosure[];
  readonly seal: Seal | null;
}

/** One run of a workflow as Temporal's history JSON. No hash covers it: the log is the truth. */
export interface FlowRun {
  readonly aggregate: AggregateId;
  readonly run: string;
  readonly history: unknown;
}

/** Everything that re-decides one aggregate without a server: what `history export` writes as one JSON document. */
export interface HistoryFile extends ChainRecord {
  readonly format: typeof HISTORY_FORMAT;
  /** When it was read from the store; of an archive, the instant of the seal. */
  readonly exportedAt: Instant;
  readonly kind: AggregateKind;
  /** Policy documents by the digest that decisions name. */
  readonly policies: Readonly<Record<string, unknown>>;
  /** Texts of rules bundles (ES modules) by the digest that decisions name. */
  readonly rules: Readonly<Record<string, string>>;
  /** The appeals of a case, in order of opening. */
  readonly appeals: readonly ChainRecord[];
  readonly flow: readonly FlowRun[] | null;
  /** In words, why a workflow's history is not in `flow`. */
  readonly noFlow: readonly string[];
  /** The digest of everything else in the file (`historyDigest`), as it was written; an older file has none. */
  readonly digest?: string | undefined;
}

/** The file's text with the digest of its content: one form, so that the same content is the same bytes. */
export function historyText(file: HistoryFile): string {
  return `${JSON.stringify({ ...contentOf(file), digest: historyDigest(file) }, undefined, 1)}\n`;
}

/**
 * SHA-256 of "interdict.history.v1\n" and the RFC 8785 bytes of everything in the file but its digest. It covers what no chain does: the
 * seal's number, the instant of the export, which values were left out, the workflows' histories. Who changes those can make it
 * anew, so it proves something only when it is known from elsewhere.
 */
export function historyDigest(file: HistoryFile): string {
  return sha256Hex(`${HISTORY_FORMAT}\n${canonical(contentOf(file))}`);
}

function contentOf({ format, exportedAt, aggregate, kind, decisions, disclosures, policies, rules, seal, appeals, flow, noFlow }: HistoryFile) {
  return { format, exportedAt, aggregate, kind, decisions, disclosures, policies, rules, seal, appeals, flow, noFlow };
}

/** The case or appeal itself and then its appeals. */
export function chainsOf(file: HistoryFile): readonly ChainRecord[] {
  return [file, ...file.appeals];
}
