import { expect, it } from 'vitest';
import { metaText, serverLog } from '../../worker/server-log.ts';

function said(error: unknown): Readonly<Record<string, unknown>> {
  const lines: string[] = [];
  serverLog({ write: (line) => void lines.push(line) }).warn({ error }, 'it failed');
  expect(lines).toHaveLength(1);
  return JSON.parse(lines[0] ?? '') as Readonly<Record<string, unknown>>;
}

it('an error is told with message and stack, what caused it too, and none of the values that a library hangs on it', () => {
  const cause = Object.assign(new Error('the socket closed'), { code: 'ECONNRESET' });
  const error = Object.assign(new TypeError('no answer', { cause }), { detail: 'Key (mail)=(a@b.test)', parameters: ['a@b.test'] });
  const line = said(error);
  expect(line).toMatchObject({
    msg: 'it failed',
    error: { type: 'TypeError', message: 'no answer', stack: expect.stringContaining('server-log.test.ts') },
  });
  expect(line['error']).toMatchObject({
    cause: { message: 'the socket closed', code: 'ECONNRESET', stack: expect.stringMatching(/^Error: the socket/) },
  });
  expect(JSON.stringify(line)).not.toContain('a@b.test');
});

it('an error of errors tells each; a chain without end is told in part; what is no error is told as it is', () => {
  expect(said(new AggregateError([new Error('one'), new Error('two')], 'both'))['error']).toMatchObject({
    message: 'both',
    errors: [{ message: 'one' }, { message: 'two' }],
  });
  expect(JSON.stringify(said(new Error('no token', { cause: { claims: { email: 'a@b.test' } } })))).not.toContain('a@b.test');
  const round = new Error('round');
  round.cause = round;
  expect(JSON.stringify(said(round))).toContain('round');
  expect([said('words')['error'], said({ status: 3 })['error']]).toEqual(['words', { status: 3 }]);
});

it('errors beside a line of the SDK are told in words too', () => {
  expect(JSON.parse(metaText({ faults: 2, error: new Error('the log is locked') }))).toMatchObject({
    faults: 2,
    error: { message: 'the log is locked', stack: expect.stringContaining('server-log.test.ts') },
  });
});
