import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { directoryVault } from '../../adapters/directory-vault.ts';
import { bagFile, type BagFile, bagFiles, zipped } from '../../adapters/packet/zip-bag.ts';
import { BagPath } from '../../domain/packet/bag.ts';
import { type BuiltPacket, buildPacket } from '../../adapters/packet/build-packet.ts';
import { captureListing } from '../../activities/capture.ts';
import type { MarketplacePort, ServedListing, VaultPort } from '../../adapters/ports.ts';
import { Capacity } from '../../domain/aggregate.ts';
import type { AggregateId } from '../../domain/ids.ts';
import type { PacketOptions } from '../../domain/packet/contents.ts';
import type { Cover, PacketSubject } from '../../domain/packet/facts.ts';
import { profileOf } from '../../domain/packet/profile.ts';
import { OrganisationRow, PersonRow, RightRow, SellerRow } from '../../store/schema/entities/register.ts';
import { acceptMessage } from '../../store/log/inbox.ts';
import { advance } from '../../store/log/advance.ts';
import { openCases, salt } from '../../store/log/open-cases.ts';
import { type Manager, work } from '../../store/connection/orm.ts';
import { readPacketBrands, readPacketCase } from '../../store/queries/packet-facts.ts';
import type { VerifyOptions } from '../../verifier/checks.ts';
import { verifyPacket } from '../../verifier/packet/verify-packet.ts';
import { type PacketSource, readPacketFiles } from '../../verifier/packet/zip-file.ts';
import { nodeRulebook } from '../../verifier/entry/node-rulebook.ts';
import { packetPrograms } from '../../verifier/entry/packet-programs.ts';
import type { TestDatabase } from '../support/database.ts';

/** Values that must not leave by default, and one that may. */
export const REVIEWER = 'reviewer-Silberstein';
export const NOTE = 'The box has the wrong seal, says Mara.';
export const SELLER = 'S-goldzeit';
export const HOLDER = 'org-lumora';

const VERSION = 'a'.repeat(64);
const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');

function served(image: Uint8Array): ServedListing {
  const data = { id: 'm:1', version: VERSION, title: 'Lumora watch 1:1 replica', price: { amount: 3990, currency: 'EUR' }, seller: SELLER };
  return {
    data,
    dataBytes: Buffer.from(JSON.stringify(data)),
    page: Buffer.from(`<!doctype html><title>Lumora</title><script>steal()</script>${SELLER}`),
    images: [
      { url: '/images/front.png', bytes: PNG },
      { url: 'https://elsewhere.test/a', bytes: null },
      { url: '/images/back.jpg?x=1', bytes: image },
    ],
    version: VERSION,
  };
}

/** A folder that ends with the test. */
export async function tempFolder(): Promise<{ readonly dir: string; remove(): Promise<void> }> {
  const dir = await mkdtemp(join(tmpdir(), 'interdict-packet-'));
  return { dir, remove: () => rm(dir, { recursive: true, force: true }) };
}

/** A vault in a folder. */
export function vaultIn(dir: string): VaultPort {
  return directoryVault({ dir: join(dir, 'vault') });
}

/** The register that the case is about. */
export async function aRegister(db: TestDatabase): Promise<void> {
  const em = work(db.store) as Manager;
  await em.insert(OrganisationRow, { id: HOLDER, name: 'Lumora Uhren', kind: 'rights-holder', mail: 'ip@lumora.test' });
  await em.insert(PersonRow, { id: REVIEWER, name: 'Mara Silberstein', role: 'brand-reviewer', organisations: [HOLDER], duty: [] });
  await em.insert(SellerRow, { id: SELLER, market: 'DE', mail: 'shop@goldzeit.test', actor: SELLER, row: { name: 'Goldzeit Handel' } });
  const right = { rightType: 'trademark', status: 'Live / Registered', office: 'EUIPO', registrationNo: '017', markText: 'LUMORA', owner: 'Lumora' };
  await em.insert(RightRow, { id: 'LUM-1', jurisdiction: 'EU', organisation: HOLDER, row: right });
}

/** An open case with a capture in the vault. */
export async function anOpenCase(db: TestDatabase, vault: VaultPort, listing: string, image: Uint8Array = Buffer.from(`jpg of ${listing}`)) {
  const marketplace = { serve: async () => served(image) } as Partial<MarketplacePort> as MarketplacePort;
  const captured = await captureListing({ marketplace, vault }, db.clock, { marketplace: 'm', listing });
  if ('gone' in captured) throw new Error('gone');
  const [opened] = await openCases(db.context, [
    {
      origin: 'detection',
      marketplace: 'm',
      market: 'DE',
      listing,
      version: VERSION,
      holder: HOLDER,
      rights: ['LUM-1'],
      seller: SELLER,
      riskClass: 'standard',
      findings: [{ detector: 'mark-use', version: 1, score: 0.9, reasons: ['the title uses the mark'] }],
      capture: { digest: captured.digest },
      calendar: { country: 'DE', zone: 'Europe/Berlin', hours: '09:00-18:00' },
    },
  ]);
  if (opened === undefined) throw new Error('nothing opened');
  return { id: opened.id, capture: captured.digest };
}

/** A case through the real log, with a capture in the vault: opened, confirmed, removed, sealed. */
export async function aCase(db: TestDatabase, vault: VaultPort, listing: string, image?: Uint8Array) {
  const { id, capture } = await anOpenCase(db, vault, listing, image);
  db.clock.pass(3_600_000);
  await answer(db, id, `v:${listing}`, 'counterfeit', 'packaging');
  await advance(db.context, { id, n: 1 });
  const removed = { kind: 'removed', at: db.clock.now(), version: VERSION, orders: 3 } as const;
  await advance(db.context, { id, n: 2, outcomes: [{ key: `takedown:v:${listing}`, try: 1, result: removed }] });
  return { id, capture };
}

/** The brand answers, or corrects itself. */
export async function answer(db: TestDatabase, aggregate: string, id: string, verdict: string, reasonCode: string): Promise<void> {
  const [who, note] = [salt(REVIEWER), salt(NOTE)];
  const by = { capacity: Capacity.rightsHolder, organisation: HOLDER, person: who.salted };
  const content = { by, kind: 'recordVerdict', verdict, reasonCode, basis: 'image', note: note.salted };
  const disclosures = [who.disclosure, note.disclosure];
  await work(db.store).transactional((tx) =>
    acceptMessage(tx as Manager, db.clock, { id, aggregate, sender: HOLDER, fingerprint: id, disclosures, content }),
  );
}

/** What goes into a packet of cases, as the log and the register have it now. */
export async function subjectOf(db: TestDatabase, ids: readonly AggregateId[], cover: Partial<Cover> = {}): Promise<PacketSubject> {
  const em = work(db.store) as Manager;
  const cases = await Promise.all(ids.map((id) => readPacketCase(em, id)));
  const found = cases.flatMap((one) => (one === undefined ? [] : [one]));
  return { id: ids[0] ?? '', cases: found, cover: { brands: await readPacketBrands(em, [HOLDER]), documents: [], exhibits: [], ...cover } };
}

/** Builds a packet for the police. */
export async function build(vault: VaultPort, subject: PacketSubject, options: Partial<PacketOptions> = {}): Promise<BuiltPacket> {
  const profile = profileOf('police');
  if (profile === undefined) throw new Error('no profile');
  return buildPacket(vault, subject, { profile, programs: await packetPrograms(), ...options });
}

/** The whole bytes of a packet. */
export async function bytesOf({ packet, missing }: BuiltPacket): Promise<Buffer> {
  if (packet === undefined) throw new Error(`refused: ${JSON.stringify(missing)}`);
  const pieces: Uint8Array[] = [];
  for await (const piece of packet.bytes()) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** Makes a whole packet again from changed files: manifests and ZIP are consistent. `plain` may spoil the files of the bag afterwards. */
export async function remadePacket(
  whole: Buffer,
  change: (files: Map<string, Buffer>) => void,
  plain: (files: readonly BagFile[]) => readonly BagFile[] = (all) => all,
): Promise<Buffer> {
  const { entries, folder } = await readPacketFiles(sourceOf(whole));
  const files = new Map(entries.map(({ path, offset, size }) => [path, whole.subarray(offset, offset + size)]));
  change(files);
  const payload = [...files].filter(([path]) => path.startsWith('data/')).map(([path, bytes]) => bagFile(path, bytes));
  const readme = files.get(BagPath.readme)?.toString() ?? '';
  const pieces: Uint8Array[] = [];
  for await (const piece of zipped(folder, plain(bagFiles({ identifier: 'x', description: 'x', date: '2025-10-01', readme, payload }))))
    pieces.push(piece);
  return Buffer.concat(pieces);
}

/** A source of bytes in memory. */
export function sourceOf(bytes: Uint8Array): PacketSource {
  return { size: bytes.length, read: async (offset, length) => bytes.subarray(offset, offset + length) };
}

/** Checks a packet in memory with the recorded rules. */
export async function verify(bytes: Uint8Array, options: VerifyOptions = {}) {
  const verified = await verifyPacket(sourceOf(bytes), await nodeRulebook({ unknownRules: true }), options);
  return { ...verified, broken: verified.checks.find(({ ok }) => !ok)?.what };
}

/** Unpacks a packet with Info-ZIP's `unzip`; returns the bag's folder. */
export function unpack(bytes: Uint8Array, dir: string): string {
  const path = join(dir, 'packet.zip');
  writeFileSync(path, bytes);
  const out = mkdtempSync(join(dir, 'bag-'));
  execFileSync('unzip', ['-q', path, '-d', out]);
  const [bag = '', ...others] = readdirSync(out);
  if (others.length > 0) throw new Error(`unpacks to ${others.length + 1} folders`);
  return join(out, bag);
}
