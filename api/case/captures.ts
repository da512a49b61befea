import { z } from 'zod';
import type { Faults } from '../faults.ts';
import type { VaultPort } from '../../adapters/ports.ts';
import type { Decision } from '../../domain/decision.ts';

/** The form in which a capture names its parts (activities/capture.ts); read back from the vault, so checked again. */
const manifestSchema = z.object({
  version: z.string(),
  at: z.string(),
  images: z.array(z.object({ url: z.string(), digest: z.string().nullable() })),
});

/** A capture that a decision rests on. */
export interface Capture {
  readonly digest: string;
  readonly version: string;
  readonly at: string | null;
  readonly images: { url: string; digest: string | null; href: string | null }[];
  readonly isMissing: boolean;
}

/** The captures that the decisions name, oldest first; one whose manifest cannot be read is shown as missing, and noted. */
export async function capturesOf(
  vault: VaultPort,
  id: string,
  decisions: readonly { readonly decision: Decision }[],
  faults: Faults,
): Promise<Capture[]> {
  const named = decisions.flatMap(({ decision: { outcome } }) => ('events' in outcome ? outcome.events : [])).flatMap(namedCapture);
  const found: Capture[] = [];
  for (const { digest, version } of new Map(named.map((one) => [one.digest, one])).values()) {
    const manifest = await faults.contain('captures', () => manifestOf(vault, digest), undefined);
    const images = (manifest?.images ?? []).map(({ url, digest: image }) => ({
      url,
      digest: image,
      href: image === null ? null : hrefOf(id, image),
    }));
    found.push({ digest, version: manifest?.version ?? version, at: manifest?.at ?? null, images, isMissing: manifest === undefined });
  }
  return found;
}

function namedCapture(event: object): readonly { digest: string; version: string }[] {
  const { type, digest, capture, version } = event as { type?: string; digest?: unknown; capture?: unknown; version?: unknown };
  const name = type === 'CaptureRecorded' ? digest : type === 'VersionJoined' ? capture : undefined;
  return typeof name === 'string' ? [{ digest: name, version: typeof version === 'string' ? version : '' }] : [];
}

async function manifestOf(vault: VaultPort, digest: string): Promise<z.output<typeof manifestSchema> | undefined> {
  const bytes = await vault.get(digest).catch(() => undefined);
  if (bytes === undefined) return undefined;
  const parsed = manifestSchema.safeParse(JSON.parse(new TextDecoder().decode(bytes)));
  return parsed.success ? parsed.data : undefined;
}

function hrefOf(id: string, digest: string): string {
  return `/api/cases/${encodeURIComponent(id)}/captures/${encodeURIComponent(digest)}`;
}

/** First bytes of the images that browsers show; anything else is only handed out as a file. */
const SIGNATURES: readonly (readonly [type: string, bytes: readonly number[], at: number])[] = [
  ['image/png', [0x89, 0x50, 0x4e, 0x47], 0],
  ['image/jpeg', [0xff, 0xd8, 0xff], 0],
  ['image/gif', [0x47, 0x49, 0x46, 0x38], 0],
  ['image/webp', [0x57, 0x45, 0x42, 0x50], 8],
];

/** The type of an image by its own bytes, never by what a seller called it. */
export function imageType(bytes: Uint8Array): string | undefined {
  return SIGNATURES.find(([, signature, at]) => signature.every((byte, index) => bytes[at + index] === byte))?.[0];
}
