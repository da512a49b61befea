/** A text from outside on one line: no control or direction signs, no more than `most` signs. */
export function oneLine(text: string, most: number): string {
  const clean = text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  const signs = [...clean];
  return signs.length > most ? `${signs.slice(0, most - 1).join('')}…` : clean;
}
