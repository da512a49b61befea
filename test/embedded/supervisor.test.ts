import { expect, it } from 'vitest';
import { Supervisor } from '../../embedded/supervisor.ts';
import { aLog } from './support.ts';

it('a part that cannot be started again for a long time is, as soon as it can: what keeps it down is said once', async () => {
  let end = () => {};
  let starts = 0;
  const { promise: isBack, resolve: back } = Promise.withResolvers<void>();
  const start = async () => {
    starts += 1;
    if (starts > 1 && starts < 12) throw new Error('No space is left.');
    if (starts === 12) back();
    return { exited: new Promise<void>((resolve) => (end = resolve)), stop: async () => {} };
  };
  const { lines, log } = aLog();
  const supervisor = new Supervisor([{ name: 'part', start }], log, [0, 1]);
  await supervisor.startAll();
  end();
  await isBack;
  await supervisor.stopAll();
  expect(starts).toBe(12);
  expect(lines).toEqual(['part: ended by itself; starting it again', 'part: Error: No space is left.']);
});
