import { expect, it } from 'vitest';
import { vaultUnavailable } from '../../adapters/failures.ts';
import { troubleOf } from '../../cli/error-messages.ts';

it.each([
  ['the file system', Object.assign(new Error('write'), { code: 'ENOSPC' })],
  ['PostgreSQL', new Error('the query failed', { cause: Object.assign(new Error('could not extend file'), { code: '53100' }) })],
  ['the vault', vaultUnavailable('full', 'ENOSPC')],
])('no space, as %s says it, is told with its cure and is no fault of ours', (_, error) => {
  expect(troubleOf(error)).toMatchObject({ code: 'disk-full', cure: expect.stringContaining('Free some space'), exitCode: 1 });
});
