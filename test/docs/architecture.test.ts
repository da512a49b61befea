import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const ROOT = new URL('../../', import.meta.url);

it('the walk of a verdict names files that there are, fifteen at most, in their order', () => {
  const text = readFileSync(new URL('ARCHITECTURE.md', ROOT), 'utf8');
  const rows = [...text.matchAll(/^\| (\d+) \| `([^`]+)` \|/gm)].map(([, number, file]) => ({ number: Number(number), file: file ?? '' }));
  expect(rows.map(({ number }) => number)).toEqual(Array.from(rows, (_, index) => index + 1));
  expect(rows.length).toBeGreaterThan(5);
  expect(rows.length).toBeLessThanOrEqual(15);
  expect(rows.map(({ file }) => file).filter((file) => !existsSync(new URL(file, ROOT)))).toEqual([]);
});
