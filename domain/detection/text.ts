/** Letters of other scripts, and digits and signs, that pass for Latin letters; `l` and `1` pass for `i`. */
const HOMOGLYPHS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    а: 'a',
    в: 'b',
    с: 'c',
    е: 'e',
    н: 'h',
    і: 'i',
    ј: 'j',
    к: 'k',
    м: 'm',
    о: 'o',
    р: 'p',
    ѕ: 's',
    т: 't',
    х: 'x',
    у: 'y',
    α: 'a',
    β: 'b',
    ε: 'e',
    ι: 'i',
    κ: 'k',
    ν: 'v',
    ο: 'o',
    ρ: 'p',
    τ: 't',
    υ: 'u',
    χ: 'x',
    0: 'o',
    1: 'i',
    3: 'e',
    5: 's',
    $: 's',
    '@': 'a',
    l: 'i',
    ł: 'i',
    ı: 'i',
    ø: 'o',
    đ: 'd',
  }),
);

/** Lower case without diacritics and apostrophes (`Men's Café` -> `mens cafe`). */
export function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/['’`´]/g, '');
}

/** The words of a text as detectors compare them: folded runs of letters, digits, `$` and `@`; `1:1` is the word `1to1`, `AAA+` the word `aaaplus`. */
export function tokensOf(text: string): string[] {
  return fold(text)
    .replace(/\b1 ?: ?1\b/g, '1to1')
    .replace(/\b(a{2,5}) ?\++/g, '$1plus')
    .split(/[^\p{L}\p{N}$@]+/u)
    .filter((token) => token !== '');
}

/** What a word looks like: homoglyphs as the letters they imitate, doubled letters once. Equal for look-alikes. */
export function skeleton(word: string): string {
  let out = '';
  for (const letter of word) {
    const shape = HOMOGLYPHS.get(letter) ?? letter;
    if (!out.endsWith(shape)) out += shape;
  }
  return out;
}

/** Every form of the word with one character left out: two words one edit apart share one of these or each other. */
export function deletionsOf(word: string): string[] {
  return Array.from({ length: word.length }, (_, index) => word.slice(0, index) + word.slice(index + 1));
}

/** Whether one insertion, deletion, replacement or swap of neighbours turns one word into the other (equal words: no). */
export function isOneEditApart(a: string, b: string): boolean {
  if (a === b || Math.abs(a.length - b.length) > 1) return false;
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1;
  const restA = a.slice(head, a.length - tail);
  const restB = b.slice(head, b.length - tail);
  if (restA.length <= 1 && restB.length <= 1) return true;
  return restA.length === 2 && restB.length === 2 && restA[0] === restB[1] && restA[1] === restB[0];
}
