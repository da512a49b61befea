import { z } from 'zod';
import type { CliIo } from './io.ts';

/** Where a stack that is ready can be reached, and the links that sign its people in. */
const readySchema = z.object({
  data: z.string(),
  portal: z.string(),
  links: z.array(z.object({ who: z.string(), name: z.string(), role: z.string(), url: z.string() })).readonly(),
  mailbox: z.string().optional(),
  marketplace: z.string().optional(),
  temporal: z.string().optional(),
  namespace: z.string(),
});
export type Ready = z.output<typeof readySchema>;

/** What a stack in the background tells the process that started it; undefined where that is something else. */
export function readyOf(message: unknown): Ready | undefined {
  return readySchema.safeParse(message).data;
}

/** Says that the stack is ready: where everything is, who can sign in with which link, and how it is stopped. */
export function announce(io: CliIo, ready: Ready, stop: string): void {
  const { data, portal, links, mailbox, marketplace, temporal, namespace } = ready;
  io.out({ ready: true, data, portal, links, mailbox, marketplace, temporal });
  io.say(
    [
      '',
      'interdict is ready.',
      `  portal       ${portal} (API: ${portal}/api/openapi.json)`,
      ...(mailbox === undefined ? [] : [`  mailbox      ${mailbox}`]),
      ...(marketplace === undefined ? [] : [`  marketplace  ${marketplace}`]),
      ...(temporal === undefined ? [] : [`  Temporal     ${temporal} (namespace ${namespace})`]),
      `  data         ${data}`,
      '',
      ...(links.length === 0 ? [] : ['Sign in (each link works once):']),
      ...links.map(({ role, name, url }) => `  ${`${role}, ${name}`.padEnd(38)} ${url}`),
      '',
      'In another terminal:',
      '  npm run interdict -- cases',
      '  npm run interdict -- status',
      'Watch a whole story happen, from a test purchase to the raid (a stack and a clock of its own):',
      '  npm run interdict -- scenario scenarios/fake-watches.yaml',
      stop,
    ].join('\n'),
  );
}
