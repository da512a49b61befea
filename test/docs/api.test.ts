import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { apiPage } from '../../scripts/write-api.ts';

it('the page of the API says what the routes say', async () => {
  expect(readFileSync(new URL('../../docs/api.md', import.meta.url), 'utf8')).toBe(await apiPage());
});
