import { createHash } from 'node:crypto';
import { type BuiltPacket, buildPacket } from '../../adapters/packet/build-packet.ts';
import { type AggregateId, isAggregateId } from '../../domain/ids.ts';
import { profileOf } from '../../domain/packet/profile.ts';
import { PolicyCache } from '../../store/log/context.ts';
import { readSubject } from '../../store/queries/packet-subject.ts';
import { verifyPacket } from '../../verifier/packet/verify-packet.ts';
import { nodeRulebook } from '../../verifier/entry/node-rulebook.ts';
import { packetPrograms } from '../../verifier/entry/packet-programs.ts';
import type { CheckOf } from './check-schemas.ts';
import type { Finding } from './compare.ts';
import type { Session } from './session.ts';

/** What the evidence packet of a case or a referral holds, what it lacks, and that it verifies and is the same bytes twice. */
export async function checkPacket(session: Session, check: CheckOf<'packet'>): Promise<readonly Finding[]> {
  const { case: of, referral } = check.packet;
  const id = of === undefined ? referral && (await session.referralId(referral)) : await session.caseId(of);
  if (id === undefined || !isAggregateId(id)) return [{ field: ['packet'], ok: false, expected: of ?? referral, got: 'none' }];
  const built = await build(session, id, check);
  if (built === undefined) return [{ field: ['packet'], ok: false, expected: of ?? referral, got: 'none' }];
  const items = (refuses: boolean) => [...new Set(built.missing.filter((one) => one.refuses || !refuses).map(({ item }) => item))];
  const refused = items(true);
  return [
    ...sameItems('missing', check.missing, items(false)),
    ...sameItems('refused', check.refused ?? [], refused),
    ...(built.packet === undefined ? [] : await contentFindings(built.packet, check)),
  ];
}

async function build(session: Session, id: AggregateId, { packet }: CheckOf<'packet'>): Promise<BuiltPacket | undefined> {
  const found = await readSubject(session.em(), new PolicyCache(), id);
  const profile = profileOf(packet.profile ?? found?.profile ?? 'police');
  if (found === undefined || profile === undefined) return undefined;
  const { language, disclose: discloses } = packet;
  return buildPacket(session.stack.vault, found.subject, { profile, language, discloses, programs: await packetPrograms() });
}

function sameItems(field: string, expected: readonly string[] | undefined, got: readonly string[]): readonly Finding[] {
  if (expected === undefined) return [];
  const ok = expected.length === got.length && expected.every((item) => got.includes(item));
  return [{ field: [field], ok, expected, got }];
}

async function contentFindings(packet: NonNullable<BuiltPacket['packet']>, { has, lacks }: CheckOf<'packet'>): Promise<readonly Finding[]> {
  const bytes = await collected(packet.bytes());
  const again = await collected(packet.bytes());
  const holds = (text: string) => bytes.includes(text);
  const absent = has?.filter((text) => !holds(text)) ?? [];
  const present = lacks?.filter(holds) ?? [];
  const { checks } = await verifyPacket(sourceOf(bytes), await nodeRulebook());
  const broken = checks.find(({ ok }) => !ok)?.what ?? 'it verifies';
  return [
    ...(has === undefined ? [] : [{ field: ['has'], ok: absent.length === 0, expected: has, got: `without ${absent.join(', ')}` }]),
    ...(lacks === undefined ? [] : [{ field: ['lacks'], ok: present.length === 0, expected: lacks, got: `with ${present.join(', ')}` }]),
    { field: ['packet'], ok: broken === 'it verifies', expected: 'it verifies', got: broken },
    { field: ['packet'], ok: bytes.equals(again), expected: digestOf(bytes), got: digestOf(again) },
  ];
}

async function collected(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
}

function sourceOf(bytes: Uint8Array) {
  return { size: bytes.length, read: async (offset: number, length: number) => bytes.subarray(offset, offset + length) };
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
