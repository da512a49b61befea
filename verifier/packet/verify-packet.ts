import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { partsOf, readCapture } from '../../domain/capture.ts';
import type { HistoryFile } from '../../domain/history-file.ts';
import { ledgerExtract, outlineOf } from '../../domain/packet/outline.ts';
import { capturePath, casePath, hexOf, PacketPath, rulesPath } from '../../domain/packet/paths.ts';
import { disclosureKinds } from '../../domain/packet/redaction.ts';
import { ledgerText, type PacketSummary } from '../../domain/packet/texts.ts';
import { type Audit, auditHistory } from '../audit.ts';
import type { Check } from '../check.ts';
import type { Verified, VerifyOptions } from '../checks.ts';
import { HistoryFileError } from '../json-text.ts';
import { parseHistory } from '../parse-history.ts';
import { isOwnJudge, type Rulebook } from '../rulebook.ts';
import { type Bag, checkBag } from './bag-checks.ts';
import { readSummary } from './read-summary.ts';
import { BrokenPacket, type PacketSource, readPacketFiles } from './zip-file.ts';

/**
 * Checks a packet, offline, up to the first thing that is broken: the file, the bag, then each case (chain, seal, documents, every
 * decision decided again with its recorded rules), then that captures, rules and the ledger extract are those of the cases.
 */
export async function verifyPacket(source: PacketSource, rules: Rulebook, { root }: VerifyOptions = {}): Promise<Verified> {
  const checks: Check[] = [];
  const unknownRules = new Set<string>();
  let unproved: readonly string[] = [];
  try {
    const { bag, checks: ofBag } = await checkBag(source, await readPacketFiles(source));
    checks.push(...ofBag);
    const summary = readSummary(await bag.text(PacketPath.summary));
    const cases: HistoryFile[] = [];
    for (const { file } of summary.cases) {
      const history = await readCase(bag, file);
      const audit = await auditHistory(history, rules);
      checks.push(...caseChecks(history, audit, summary));
      for (const digest of audit.unknownRules) unknownRules.add(digest);
      if (checks.some(({ ok }) => !ok)) return verifiedWith(checks, [...unknownRules], rules, []);
      cases.push(history);
    }
    checks.push(...(await contentChecks(bag, summary, cases)));
    const witness = root === undefined ? undefined : await rootCheck(source, cases, root);
    if (witness !== undefined) checks.push(witness);
    if (witness?.ok !== false) unproved = unprovedOf(witness);
  } catch (error) {
    // What cannot be read off the disk is no fault of the packet.
    if (!(error instanceof Error) || 'code' in error) throw error;
    const what =
      error instanceof BrokenPacket || error instanceof HistoryFileError ? error.message : `it holds what no packet holds: ${error.message}`;
    checks.push({ check: 'packet', ok: false, what });
  }
  return verifiedWith(checks, [...unknownRules], rules, unproved);
}

function verifiedWith(checks: readonly Check[], unknownRules: readonly string[], rules: Rulebook, unproved: readonly string[]): Verified {
  return { checks, unknownRules, isOwnJudge: isOwnJudge(unknownRules, rules), unproved };
}

/** What the digests inside a packet cannot tell, because whoever makes the packet makes them. */
function unprovedOf(witness: Check | undefined): readonly string[] {
  if (witness?.check === 'packet') return [];
  return [
    witness === undefined
      ? 'that nobody made it anew, with every hash: give its SHA-256, or the sealed root of a case in it, as told by another way with --root'
      : 'that nothing but the case with that root was made anew: the SHA-256 of the packet, told by another way, proves all of it',
    `that ${PacketPath.redecide} and the covers are those of the release that wrote the packet: no case covers them`,
    'of each case, when it was exported, the number of its seal, and which disclosures and appeals were left out: no decision covers them',
  ];
}

async function readCase(bag: Bag, file: string): Promise<HistoryFile> {
  try {
    return parseHistory(await bag.text(file));
  } catch (error) {
    throw error instanceof HistoryFileError ? new BrokenPacket(error.message, file) : error;
  }
}

function caseChecks(history: HistoryFile, { checks, decisions, broken }: Audit, { discloses }: PacketSummary): readonly Check[] {
  const kinds = disclosureKinds(history);
  const told = [history, ...history.appeals].flatMap(({ disclosures }) => disclosures.map(({ digest }) => digest));
  const beyond = told.flatMap((digest) => [...(kinds.get(digest) ?? [])]).find((kind) => !discloses.includes(kind));
  const again: Check =
    broken === null
      ? { check: 'rules', ok: true, what: `${history.aggregate}: ${decisions.length} decisions decided again, all the same` }
      : { check: 'rules', ok: false, what: `${history.aggregate}: ${broken.what}`, ...(broken.at && { at: broken.at }) };
  const shown: readonly Check[] =
    beyond === undefined
      ? []
      : [{ check: 'disclosure', ok: false, what: `${history.aggregate}: it discloses "${beyond}", which this packet withholds` }];
  return [...checks, again, ...shown];
}

/** What lies beside the cases is what they name, and nothing else. */
async function contentChecks(bag: Bag, summary: PacketSummary, cases: readonly HistoryFile[]): Promise<readonly Check[]> {
  const expected = new Map<string, string | undefined>();
  for (const [index, history] of cases.entries()) {
    const { id, file, root } = summary.cases[index] ?? {};
    if (history.aggregate !== id || file !== casePath(history.aggregate)) throw new BrokenPacket(`it is the record of ${history.aggregate}`, file);
    if ((history.seal?.root ?? null) !== root) throw new BrokenPacket(`it names another root for ${id} than the case has`, PacketPath.summary);
    expected.set(file, undefined);
    for (const digest of Object.keys(history.rules)) expected.set(rulesPath(digest), digest);
    if (summary.discloses.includes('seller')) await expectCaptures(bag, history, expected);
  }
  for (const { file } of summary.documents) expected.set(file, /\/([0-9a-f]{64})\.\w+$/.exec(file)?.[1] ?? 'a name without a digest');
  for (const [path, digest] of expected) {
    const found = bag.digests.get(path);
    if (found === undefined) throw new BrokenPacket('a case or the summary names it, but it is not in the packet', path);
    if (digest !== undefined && found !== digest) throw new BrokenPacket(`it is not the object ${digest} that is named`, path);
  }
  const folders = [PacketPath.cases, PacketPath.rules, PacketPath.captures, PacketPath.documents];
  const stray = [...bag.digests.keys()].find((path) => folders.some((folder) => path.startsWith(folder)) && !expected.has(path));
  if (stray !== undefined) throw new BrokenPacket('nothing in this packet names it', stray);
  if ((await bag.text(PacketPath.ledger)) !== ledgerText(cases))
    throw new BrokenPacket('it is not what the cases say of the ledger', PacketPath.ledger);
  const entries = cases.flatMap(ledgerExtract).length;
  return [
    { check: 'packet', ok: true, what: `${expected.size} records, rules, captures and documents are those that the cases and the summary name` },
    { check: 'packet', ok: true, what: `the ledger extract has the ${entries} entries of these cases` },
  ];
}

async function expectCaptures(bag: Bag, history: HistoryFile, expected: Map<string, string | undefined>): Promise<void> {
  for (const { digest } of outlineOf(history).captures) {
    const list = capturePath('list', digest);
    expected.set(list, hexOf(digest));
    const manifest = readCapture(await bag.text(list));
    if (manifest === undefined) throw new BrokenPacket("it is no list of a capture's parts", list);
    for (const { role, url, digest: part } of partsOf(manifest)) if (part !== null) expected.set(capturePath(role, part, url), hexOf(part));
  }
}

const PIECE = 1024 * 1024;

/** What was published or witnessed elsewhere: the digest of the whole file, or the sealed root of one of its cases. */
async function rootCheck(source: PacketSource, cases: readonly HistoryFile[], root: string): Promise<Check> {
  if (cases.some(({ seal }) => seal?.root === root))
    return { check: 'seal', ok: true, what: 'one of its cases is sealed with the root that you named' };
  const hash = sha256.create();
  for (let offset = 0; offset < source.size; offset += PIECE) hash.update(await source.read(offset, PIECE));
  const found = bytesToHex(hash.digest());
  return found === root
    ? { check: 'packet', ok: true, what: 'the packet is the file whose SHA-256 you named' }
    : { check: 'seal', ok: false, what: `you named ${root}, but neither the SHA-256 of the packet (${found}) nor the root of a case in it is that` };
}
