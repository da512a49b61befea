import type { PacketDocument, PacketSubject } from './facts.ts';

/** Where things lie in a packet, from the bag's own folder. */
export const PacketPath = {
  summary: 'data/packet.json',
  index: 'data/index.txt',
  ledger: 'data/ledger.json',
  redecide: 'data/rules.mjs',
  cases: 'data/cases/',
  rules: 'data/rules/',
  captures: 'data/captures/',
  documents: 'data/documents/',
} as const;

/** The bag's folder, and the name a packet should have: the subject's id without what file systems mind. */
export function folderOf({ id }: Pick<PacketSubject, 'id'>): string {
  return fileName(id);
}

/** The exported history of a case. */
export function casePath(aggregate: string): string {
  return `${PacketPath.cases}${fileName(aggregate)}.json`;
}

/** The recorded rules of a digest. */
export function rulesPath(digest: string): string {
  return `${PacketPath.rules}${digest}.mjs`;
}

/** The cover statement in a language. */
export function coverPath(language: string): string {
  return `data/cover.${language}.pdf`;
}

const IMAGES: readonly string[] = ['png', 'jpg', 'jpeg', 'gif', 'webp'];
const DOCUMENTS: readonly string[] = [...IMAGES, 'pdf', 'txt', 'csv', 'json', 'mp4', 'mov'];

/**
 * A part of a capture. Pages are kept as text: opening one must not run what a seller wrote, nor load anything from
 * elsewhere and tell of it.
 */
export function capturePath(role: 'list' | 'page' | 'data' | 'image', digest: string, url = ''): string {
  const ending = { list: 'json', page: 'html.txt', data: 'data.json', image: endingOf(url.replace(/[?#].*$/s, ''), IMAGES) }[role];
  return `${PacketPath.captures}${hexOf(digest)}.${ending}`;
}

/** A document of the packet. */
export function documentPath({ digest, extension = '' }: Pick<PacketDocument, 'digest' | 'extension'>): string {
  return `${PacketPath.documents}${hexOf(digest)}.${endingOf(`.${extension}`, DOCUMENTS)}`;
}

/** The hexadecimal digits of a vault digest. */
export function hexOf(digest: string): string {
  return digest.slice('sha256:'.length);
}

function endingOf(name: string, known: readonly string[]): string {
  const ending = /\.([a-z0-9]{2,4})$/i.exec(name)?.[1]?.toLowerCase() ?? '';
  return known.includes(ending) ? ending : 'bin';
}

function fileName(id: string): string {
  return id.replace(/[^A-Za-z0-9._-]/g, '-');
}
