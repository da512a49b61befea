/** The letter of each reason code that we ship: one letter for one reason, whatever the verdict and the other reasons. */
const LETTERS: Readonly<Record<string, string>> = {
  packaging: 'p',
  price: 'r',
  serial: 's',
  'sample-examined': 'e',
  'design-differs': 'd',
  'self-declared': 'l',
  'same-operator': 'o',
  compatible: 'c',
  checked: 'k',
  'needs-sample': 'n',
  'not-authorised-here': 'a',
  'wrong-right': 'w',
};
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz';

/**
 * The letter of each code of a policy. A code of the policy's own gets the first letter of its name that is nobody's, in the order
 * of the names: it depends on all codes of the policy, never on those of one verdict. A code beyond the alphabet has none.
 */
export function lettersOf(codes: readonly string[]): ReadonlyMap<string, string> {
  const letters = new Map<string, string>();
  const taken = new Set(Object.values(LETTERS));
  for (const code of [...new Set(codes)].sort()) {
    const letter = LETTERS[code] ?? [...code, ...ALPHABET].find((each) => /^[a-z]$/.test(each) && !taken.has(each));
    if (letter === undefined) continue;
    taken.add(letter);
    letters.set(code, letter);
  }
  return letters;
}

const BASES: Readonly<Record<string, string>> = { serial: 'serial', 'sample-examined': 'sample', price: 'price' };

/** What an answer rests on, as its reason says; every other reason is seen in the pictures, which is what the queue shows. */
export function basisOf(reasonCode: string): string {
  return BASES[reasonCode] ?? 'image';
}
