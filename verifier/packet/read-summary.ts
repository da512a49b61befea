import { z } from 'zod';
import { isInstant } from '../../domain/instant.ts';
import { PacketPath } from '../../domain/packet/paths.ts';
import { PACKET_FORMAT, type PacketSummary } from '../../domain/packet/texts.ts';
import { HistoryFileError, parseStrictJson } from '../json-text.ts';
import { BrokenPacket } from './zip-file.ts';

const root = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .nullable();
const text = z.string();

const schema = z.strictObject({
  format: z.literal(PACKET_FORMAT),
  subject: text,
  asOf: z.string().refine(isInstant),
  profile: z.strictObject({ id: text, version: z.number() }),
  discloses: z.array(text),
  withheld: z.array(text),
  complete: z.boolean(),
  missing: z.array(z.strictObject({ item: text, where: text, what: text })),
  cases: z.array(z.strictObject({ id: text, file: text, root, captures: z.array(text) })).min(1),
  documents: z.array(z.strictObject({ kind: text, about: text, title: text, file: text })),
  exhibits: z.array(z.looseObject({ id: text, case: text, what: text, source: text })),
});

/**
 * Reads `data/packet.json` from anybody's hands.
 * @throws BrokenPacket
 */
export function readSummary(json: string): PacketSummary {
  const parsed = schema.safeParse(read(json));
  // The parsed border: what is looked at is checked above, words are for people.
  if (parsed.success) return parsed.data as unknown as PacketSummary;
  const [first] = parsed.error.issues;
  throw new BrokenPacket(`${first?.path.join('.') ?? 'the document'}: ${first?.message ?? 'wrong'}`, PacketPath.summary);
}

function read(json: string): unknown {
  try {
    return parseStrictJson(json);
  } catch (error) {
    throw error instanceof HistoryFileError ? new BrokenPacket(error.message, PacketPath.summary) : error;
  }
}
