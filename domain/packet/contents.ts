import { type CapturePart, partsOf } from '../capture.ts';
import { chainsOf, historyText } from '../history-file.ts';
import type { Instant } from '../instant.ts';
import { type CoverDocument, coverOf } from './cover.ts';
import { Language, type PacketFacts } from './facts.ts';
import type { MissingItem } from './missing.ts';
import { lastInstant, outlineOf } from './outline.ts';
import { capturePath, casePath, coverPath, documentPath, folderOf, PacketPath, rulesPath } from './paths.ts';
import type { PacketProfile } from './profile.ts';
import { type DisclosureKind, redacted, withheldKinds } from './redaction.ts';
import { indexText, ledgerText, readmeText, summaryText } from './texts.ts';

/** A file of the packet: a text, an object of the vault, or a cover statement that is still to be drawn. */
export type Member = { readonly path: string } & ({ readonly text: string } | { readonly digest: string } | { readonly cover: CoverDocument });

export interface PacketOptions {
  readonly profile: PacketProfile;
  /** The second language of the cover; the recipient's own when it is not given. */
  readonly language?: Language | undefined;
  /** Which withheld values may be seen, in place of the profile's own list. */
  readonly discloses?: readonly DisclosureKind[] | undefined;
  readonly programs: PacketPrograms;
}

/** What the release that writes a packet gives along for checking it. */
export interface PacketPrograms {
  /** The text of `rules.mjs`, which decides every decision again with Node alone. */
  readonly redecide: string;
  /** SHA-256 of the page that checks packets without anything out of them (`verify.html` of the same release). */
  readonly verifyPage: string;
}

/** A packet before any byte of it is written. */
export interface PacketContents {
  readonly folder: string;
  readonly asOf: Instant;
  readonly payload: readonly Member[];
  readonly readme: string;
}

/**
 * Everything that a packet says, from the facts alone: the same facts are the same packet. `missing` is what `missingFrom` says of
 * them for the same profile; nothing in it refuses.
 */
export function packetContents(facts: PacketFacts, missing: readonly MissingItem[], options: PacketOptions): PacketContents {
  const { profile, language, discloses = profile.discloses, programs } = options;
  const cases = facts.cases.map((one) => ({ ...one, history: redacted(one.history, discloses) }));
  const seen: PacketFacts = { ...facts, cases };
  const withheld = withheldKinds(
    cases.map(({ history }) => history),
    discloses,
  );
  const asOf = lastInstant(cases.flatMap(({ history }) => chainsOf(history)));
  const second = language ?? facts.cover.recipient?.language ?? Language.en;
  const covers = [...new Set([Language.en, second])].map((each) => ({
    path: coverPath(each),
    cover: coverOf({ facts: seen, missing, discloses, withheld, asOf }, each),
  }));
  const captures = discloses.includes('seller') ? captureMembers(seen) : [];
  const objects = [...captures, ...facts.cover.documents.map((document) => ({ path: documentPath(document), digest: document.digest }))];
  const texts = [
    { path: PacketPath.summary, text: summaryText({ facts: seen, profile, discloses, withheld, missing, asOf }) },
    { path: PacketPath.index, text: indexText(seen, discloses.includes('seller')) },
    { path: PacketPath.ledger, text: ledgerText(cases.map(({ history }) => history)) },
    { path: PacketPath.redecide, text: programs.redecide },
    ...cases.map(({ history }) => ({ path: casePath(history.aggregate), text: historyText(history) })),
    ...rulesMembers(seen),
  ];
  return {
    folder: folderOf(facts),
    asOf,
    payload: sortedOnce([...texts, ...covers, ...objects]),
    readme: readmeText(seen, missing, programs.verifyPage),
  };
}

/** Every rules text that a decision names, once, as a module of its own. */
function rulesMembers({ cases }: PacketFacts): readonly Member[] {
  return cases.flatMap(({ history }) => Object.entries(history.rules).map(([digest, text]) => ({ path: rulesPath(digest), text })));
}

function captureMembers({ cases, captures }: PacketFacts): readonly Member[] {
  return cases.flatMap(({ history }) =>
    outlineOf(history).captures.flatMap(({ digest }) => {
      const parts = captures.get(digest);
      const list = { path: capturePath('list', digest), digest };
      return parts === undefined ? [list] : [list, ...partsOf(parts.manifest).flatMap(partMember)];
    }),
  );
}

function partMember({ role, url, digest }: CapturePart): readonly Member[] {
  return digest === null ? [] : [{ path: capturePath(role, digest, url), digest }];
}

/** In the order of their paths; what several cases share is in it once. */
function sortedOnce(members: readonly Member[]): readonly Member[] {
  return [...new Map(members.map((member) => [member.path, member])).values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}
