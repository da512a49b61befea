import { canonical } from '../canonical.ts';
import { partsOf } from '../capture.ts';
import type { HistoryFile } from '../history-file.ts';
import type { Instant } from '../instant.ts';
import { custodyWords, instantWords } from './cover.ts';
import type { PacketFacts } from './facts.ts';
import type { MissingItem } from './missing.ts';
import { ledgerExtract, outlineOf } from './outline.ts';
import { capturePath, casePath, documentPath, folderOf, hexOf, PacketPath } from './paths.ts';
import type { PacketProfile } from './profile.ts';
import type { DisclosureKind } from './redaction.ts';

/** The name of the format; another shape gets another name. */
export const PACKET_FORMAT = 'interdict.packet.v1';

/** What is in a packet, for programs. */
export interface PacketSummary {
  readonly format: typeof PACKET_FORMAT;
  readonly subject: string;
  readonly asOf: Instant;
  readonly profile: { readonly id: string; readonly version: number };
  readonly discloses: readonly DisclosureKind[];
  readonly withheld: readonly DisclosureKind[];
  readonly complete: boolean;
  readonly missing: readonly Pick<MissingItem, 'item' | 'where' | 'what'>[];
  readonly cases: readonly { readonly id: string; readonly file: string; readonly root: string | null; readonly captures: readonly string[] }[];
  readonly documents: readonly { readonly kind: string; readonly about: string; readonly title: string; readonly file: string }[];
  readonly exhibits: PacketFacts['cover']['exhibits'];
}

export interface SummaryInput {
  readonly facts: PacketFacts;
  readonly profile: PacketProfile;
  readonly discloses: readonly DisclosureKind[];
  readonly withheld: readonly DisclosureKind[];
  readonly missing: readonly MissingItem[];
  readonly asOf: Instant;
}

/** `data/packet.json`. */
export function summaryText({ facts, profile, discloses, withheld, missing, asOf }: SummaryInput): string {
  const summary: PacketSummary = {
    format: PACKET_FORMAT,
    subject: facts.id,
    asOf,
    profile: { id: profile.id, version: profile.version },
    discloses,
    withheld,
    complete: missing.length === 0,
    missing: missing.map(({ item, where, what }) => ({ item, where, what })),
    cases: facts.cases.map(({ history }) => ({
      id: history.aggregate,
      file: casePath(history.aggregate),
      root: history.seal?.root ?? null,
      captures: discloses.includes('seller') ? outlineOf(history).captures.map(({ digest }) => hexOf(digest)) : [],
    })),
    documents: facts.cover.documents.map((document) => {
      const { kind, about, title } = document;
      return { kind, about, title, file: documentPath(document) };
    }),
    exhibits: facts.cover.exhibits,
  };
  return jsonText(summary);
}

/** `data/ledger.json`: what the seller's ledger was told by these cases, each line with the decision that proves it. */
export function ledgerText(cases: readonly HistoryFile[]): string {
  return jsonText({ format: 'interdict.ledger-extract.v1', entries: cases.flatMap(ledgerExtract) });
}

/** With sorted keys: whoever reads a record by another way than the store makes the same text of it. */
function jsonText(value: unknown): string {
  return `${JSON.stringify(JSON.parse(canonical(value)), undefined, 1)}\n`;
}

/** `data/index.txt`: what every file with a digest for a name is, for people. */
export function indexText(facts: PacketFacts, showsCaptures: boolean): string {
  const cases = facts.cases.map(({ history }) => {
    const { id, listing, captures } = outlineOf(history);
    const head = [`Case ${id}`, `  listing   ${plain(listing)}`, `  record    ${inData(casePath(id))}`];
    const lines = showsCaptures ? captures.flatMap((capture) => captureLines(facts, capture)) : ['  captures  left out: they show what is withheld'];
    return [...head, ...lines].join('\n');
  });
  const documents = facts.cover.documents.map((document) =>
    [`Document ${plain(document.title)}`, `  about     ${plain(document.about)}`, `  file      ${inData(documentPath(document))}`].join('\n'),
  );
  const exhibits = facts.cover.exhibits.map(({ id, what, source, parent, custody }) =>
    [
      `Exhibit ${plain(id)}: ${plain(what)}`,
      `  source    ${plain(source)}`,
      ...(parent === undefined ? [] : [`  part of   ${plain(parent)}`]),
      ...custody.map((step) => `  custody   ${plain(custodyWords(step))}`),
    ].join('\n'),
  );
  return `${[...cases, ...documents, ...exhibits].join('\n\n')}\n`;
}

function captureLines(facts: PacketFacts, { digest, version, at, n }: ReturnType<typeof outlineOf>['captures'][number]): readonly string[] {
  const manifest = facts.captures.get(digest)?.manifest;
  const parts = manifest === undefined ? [] : partsOf(manifest);
  return [
    `  capture   taken by interdict from the marketplace, recorded by decision ${n} at ${instantWords(at)}, kept in the vault by SHA-256`,
    `    version ${version}`,
    `    list    ${inData(capturePath('list', digest))}`,
    ...parts.map(({ role, url, digest: part }) => {
      const file = part === null ? 'could not be had' : inData(capturePath(role, part, url));
      return `    ${role.padEnd(7)} ${file}${url === undefined ? '' : `  from ${plain(url)}`}`;
    }),
  ];
}

/** `README.txt`, beside the payload. */
export function readmeText(facts: PacketFacts, missing: readonly MissingItem[], verifyPage: string): string {
  const folder = folderOf(facts);
  const state = missing.length === 0 ? 'It is complete.' : `It is not complete: ${missing.length} items are missing, see data/cover.en.pdf.`;
  return `EVIDENCE PACKET ${facts.id}

Begin with data/cover.en.pdf. ${state}

CHECK THE FILES
  Unpack the file and go into the folder ${folder}. Then:

    sha256sum -c manifest-sha256.txt
    sha256sum -c tagmanifest-sha256.txt

  (macOS: shasum -a 256 -c; Windows: certutil -hashfile FILE SHA256). The folder is a bag (BagIt 1.0, RFC 8493):
  "bagit.py --validate ." checks that nothing is missing and nothing was added.

WHOM DO YOU TRUST?
  data/rules.mjs is a program out of this packet. Running it is trusting whoever gave you the packet: it can say "the same" of
  anything, and do to your machine whatever a program can. Run it if the sender is the marketplace itself and you have
  compared the SHA-256 of the packed file with what you were told by another way.

  If somebody else gave you the packet, run nothing out of it. Use a verifier that you got from its publisher:

    npx interdict verify PACKET.zip       the program "interdict"
    verify.html                           its page, for a browser, works without a network; that of the release which
                                          wrote this packet has the SHA-256
                                          ${verifyPage}

  Both check every file, the chain of every case, and decide every decision again; rules that they do not know run in an
  interpreter that reaches nothing outside itself, and only when you ask for it. A digest that stands in the packet proves
  nothing by itself: compare it with the publisher's.

DECIDE THE CASES AGAIN, TRUSTING THE SENDER
  With Node 20 or newer, and nothing else (no network, no packages):

    node ${PacketPath.redecide}

  It checks the hash chain of every case up to its sealed root, decides every recorded decision again with the rules
  that decided it (data/rules/, named by their SHA-256), and prints each in words: SAME or DIFFERS. It ends with 1 when
  anything is broken.

WHAT IS IN IT
  data/cover.*.pdf    what this is about, for people
  data/index.txt      what every file with a digest for a name is
  data/packet.json    the same for programs, with what is missing
  data/cases/         the whole record of each case: decisions, facts, hashes, seal
  data/rules/         the rules that decided
  data/ledger.json    what the ledger of the seller was told by these cases
  data/captures/      the listing as the marketplace served it (pages as text, so that opening one runs nothing)
  data/documents/     certificates, statements, examination reports, photos

WHAT IS NOT IN IT
  Values that this recipient may not see. In their place stand salted digests (the form of RFC 9901): the decisions,
  their hashes and the sealed root are those of the original.

data/rules.mjs and data/rules/ are plain JavaScript that may be read first.

A checksum shows that nothing changed since the packet was made, not who made it: compare the SHA-256 of the packed
file, or a sealed root, with what you were told by another way.
`;
}

function inData(path: string): string {
  return path.slice('data/'.length);
}

/** A text from outside on one line. */
function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ');
}
