import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { create } from 'fontkit';

/** A font file with what it can show. */
export interface CoverFont {
  readonly bytes: Buffer;
  has(codePoint: number): boolean;
}

/** Latin, Greek and Cyrillic in two weights, and Chinese with the same for what the first cannot show (SIL Open Font License 1.1). */
export interface CoverFonts {
  readonly latin: { readonly regular: CoverFont; readonly bold: CoverFont };
  readonly chinese: { readonly regular: CoverFont; readonly bold: CoverFont };
}

let read: CoverFonts | undefined;

/** The fonts that covers are set in, read once per process. */
export function coverFonts(): CoverFonts {
  read ??= {
    latin: {
      regular: fontAt(require.resolve('@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf')),
      bold: fontAt(require.resolve('@expo-google-fonts/noto-sans/700Bold/NotoSans_700Bold.ttf')),
    },
    chinese: { regular: chinese('NotoSansHans-Regular.otf'), bold: chinese('NotoSansHans-Bold.otf') },
  };
  return read;
}

const require = createRequire(import.meta.url);

function chinese(file: string): CoverFont {
  return fontAt(join(dirname(require.resolve('@embedpdf/fonts-sc')), '..', 'fonts', file));
}

function fontAt(path: string): CoverFont {
  const bytes = readFileSync(path);
  const font = create(bytes);
  if (!('hasGlyphForCodePoint' in font)) throw new Error(`${path} holds several fonts`);
  return { bytes, has: (codePoint) => font.hasGlyphForCodePoint(codePoint) };
}
