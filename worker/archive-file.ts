import { z } from 'zod';
import { vaultCorrupt } from '../adapters/failures.ts';
import type { VaultPort } from '../adapters/ports.ts';
import { canonical } from '../domain/canonical.ts';
import { type HistoryFile, historyText } from '../domain/history-file.ts';
import { PolicyRow, RulesRow } from '../store/schema/entities/register.ts';
import type { Manager } from '../store/connection/orm.ts';

/** A history in the vault whose policies and rules lie beside it, each once for all histories that name it. */
const ARCHIVE_FORMAT = 'interdict.archive.v1';

const referencesSchema = z.record(z.string(), z.string());
const archiveSchema = z.object({
  format: z.literal(ARCHIVE_FORMAT),
  /** Vault digests by the digest that decisions name. */
  policies: referencesSchema,
  rules: referencesSchema,
  /** The exported history without them. */
  history: z.looseObject({}),
});

/** Policies and rules that lie in the vault, by the digest that decisions name: each is written and looked up once a process. */
export type KeptDocuments = Map<string, string>;

/** Writes a history (read without its documents) into the vault, what it refers to first. Returns its digest. */
export async function writeArchive(vault: VaultPort, em: Manager, file: HistoryFile, kept: KeptDocuments): Promise<string> {
  const decisions = file.decisions.map(({ decision }) => decision);
  const policies = await references(
    decisions.map(({ facts }) => facts.policy),
    kept,
    async (digest) => {
      const row = await em.findOne(PolicyRow, { digest });
      return row === null ? undefined : vault.put(bytesOf(canonical(row.document)));
    },
  );
  const rules = await references(
    decisions.map((decision) => decision.rules),
    kept,
    async (digest) => {
      const row = await em.findOne(RulesRow, { digest });
      return row === null ? undefined : vault.put(bytesOf(row.text));
    },
  );
  const history = historyText({ ...file, policies: {}, rules: {} }).trimEnd();
  const text = `{"format":${JSON.stringify(ARCHIVE_FORMAT)},"policies":${JSON.stringify(policies)},"rules":${JSON.stringify(rules)},"history":${history}}\n`;
  return vault.put(bytesOf(text));
}

/**
 * The text of an archived history, whole, with the policies and rules that it refers to; archives of earlier versions hold them
 * themselves. Undefined when the vault has no such object.
 * @throws ActivityFailure `vault-corrupt` when something that it refers to is not there
 */
export async function readArchive(vault: VaultPort, digest: string): Promise<string | undefined> {
  const bytes = await vault.get(digest);
  if (bytes === undefined) return undefined;
  const text = new TextDecoder().decode(bytes);
  const archive = archiveSchema.safeParse(JSON.parse(text));
  if (!archive.success) return text;
  const documentOf = async (reference: string): Promise<string> => {
    const document = await vault.get(reference);
    if (document === undefined) throw vaultCorrupt(reference);
    return new TextDecoder().decode(document);
  };
  const policies: Record<string, unknown> = {};
  for (const [name, reference] of Object.entries(archive.data.policies)) policies[name] = JSON.parse(await documentOf(reference));
  const rules: Record<string, string> = {};
  for (const [name, reference] of Object.entries(archive.data.rules)) rules[name] = await documentOf(reference);
  // Written by `writeArchive` from a history; whoever reads the text parses it.
  return historyText({ ...(archive.data.history as unknown as HistoryFile), policies, rules });
}

/** In order of the digests, so that the same history is the same bytes; one that the store does not have is left out. */
async function references(
  names: readonly string[],
  kept: KeptDocuments,
  keep: (name: string) => Promise<string | undefined>,
): Promise<Readonly<Record<string, string>>> {
  const found: [string, string][] = [];
  for (const name of [...new Set(names)].sort()) {
    const reference = kept.get(name) ?? (await keep(name));
    if (reference === undefined) continue;
    kept.set(name, reference);
    found.push([name, reference]);
  }
  return Object.fromEntries(found);
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
