import { coverFonts } from './fonts.ts';

type Script = 'latin' | 'chinese';

/** A stretch of text that one font can show. */
export interface Run {
  readonly font: `${Script}-${'regular' | 'bold'}`;
  readonly text: string;
}

/**
 * Splits a text by the first of the fonts that can show each character. What none can show is written as its number, `[U+1F600]`: a
 * name from outside must neither vanish nor break the document's form. Control and format characters become spaces.
 */
export function runsOf(text: string, scripts: readonly [Script, Script], weight: 'regular' | 'bold'): readonly Run[] {
  const fonts = coverFonts();
  const runs: { font: Run['font']; text: string }[] = [];
  for (const char of text
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/\u00a0/g, ' ')) {
    const known = (script: Script) => fonts[script][weight].has(char.codePointAt(0) ?? 0);
    const last = runs.at(-1);
    const script = scripts.find(known);
    const shown = script === undefined ? `[U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]` : char;
    const font: Run['font'] = `${script ?? scripts[0]}-${weight}`;
    // Spaces and digits stay with the font before them, so that a line is not cut into needless pieces.
    if (last !== undefined && (last.font === font || (char === ' ' && fonts[last.font.startsWith('latin') ? 'latin' : 'chinese'][weight].has(32)))) {
      last.text += shown;
    } else runs.push({ font, text: shown });
  }
  return runs;
}
