const BEGINNINGS: readonly (readonly [extension: string, offset: number, bytes: readonly number[]])[] = [
  ['pdf', 0, [0x25, 0x50, 0x44, 0x46]],
  ['png', 0, [0x89, 0x50, 0x4e, 0x47]],
  ['jpg', 0, [0xff, 0xd8, 0xff]],
  ['gif', 0, [0x47, 0x49, 0x46, 0x38]],
  ['webp', 8, [0x57, 0x45, 0x42, 0x50]],
  ['mp4', 4, [0x66, 0x74, 0x79, 0x70]],
];

/** How many bytes from the start tell the kind of a file. */
export const KIND_BYTES = 16;

/** The extension that fits how a file begins; undefined for a kind that is none of those that evidence comes in. */
export function extensionOf(beginning: Uint8Array): string | undefined {
  return BEGINNINGS.find(([, offset, bytes]) => bytes.every((byte, index) => beginning[offset + index] === byte))?.[0];
}
