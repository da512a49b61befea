/** The texts of a bag (BagIt 1.0, RFC 8493): what every reader of bags expects, made and checked by the same functions. */
export const BAG_DECLARATION = 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n';

export const BagPath = {
  declaration: 'bagit.txt',
  info: 'bag-info.txt',
  manifest: 'manifest-sha256.txt',
  tagManifest: 'tagmanifest-sha256.txt',
  readme: 'README.txt',
  payload: 'data/',
} as const;

/** A file of the bag by its path inside the bag and its SHA-256 in hexadecimal. */
export interface Listed {
  readonly path: string;
  readonly sha256: string;
}

/** A manifest, also fit for `sha256sum -c`: one line a file, in the order of their paths. */
export function manifestText(files: readonly Listed[]): string {
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  return sorted.map(({ path, sha256 }) => `${sha256}  ${path}\n`).join('');
}

const LINE = /^([0-9a-f]{64}) {2}([!-~]+)$/;

/** The lines of a manifest; a line that `manifestText` does not write is given by its number. */
export function readManifest(text: string): readonly Listed[] | { readonly wrongLine: number } {
  const lines = text.split('\n');
  if (lines.pop() !== '') return { wrongLine: lines.length + 1 };
  const listed: Listed[] = [];
  for (const [index, line] of lines.entries()) {
    const [, sha256, path] = LINE.exec(line) ?? [];
    if (sha256 === undefined || path === undefined) return { wrongLine: index + 1 };
    listed.push({ path, sha256 });
  }
  return listed;
}

/** Octets and number of the payload's files (RFC 8493 section 2.2.2). */
export function payloadOxum(files: readonly { readonly size: number }[]): string {
  return `${files.reduce((sum, { size }) => sum + size, 0)}.${files.length}`;
}

export interface BagInfo {
  readonly identifier: string;
  readonly description: string;
  /** Civil date of the newest thing in the bag: the same data is the same bag, whenever it is packed. */
  readonly date: string;
  readonly oxum: string;
}

/** `bag-info.txt`. */
export function bagInfoText({ identifier, description, date, oxum }: BagInfo): string {
  const fields = [
    ['Bag-Software-Agent', 'interdict packet v1'],
    ['Bagging-Date', date],
    ['External-Description', description],
    ['External-Identifier', identifier],
    ['Payload-Oxum', oxum],
  ] as const;
  return fields.map(([name, value]) => `${name}: ${value}\n`).join('');
}
