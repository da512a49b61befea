import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FILE = fileURLToPath(new URL('../docs/measurements.md', import.meta.url));
const HEAD = '# Measurements\n\nWritten by the benchmarks (`bench NAME --write`); the text between two markers is replaced by the next run.\n';

/** Puts a result between its markers in docs/measurements.md; a new name goes to the end. */
export function writeMeasurement(name: string, text: string): void {
  const old = existsSync(FILE) ? readFileSync(FILE, 'utf8') : HEAD;
  const [open, close] = [`<!-- measured: ${name} -->`, `<!-- end: ${name} -->`];
  const section = `${open}\n${text.trim()}\n${close}`;
  const from = old.indexOf(open);
  const to = old.indexOf(close);
  const updated =
    from === -1 || to === -1 ? `${old.trimEnd()}\n\n## ${title(name)}\n\n${section}\n` : old.slice(0, from) + section + old.slice(to + close.length);
  writeFileSync(FILE, updated);
}

function title(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
