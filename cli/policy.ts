import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Command } from 'commander';
import type { PolicyDocument } from '../domain/policy/policy.ts';
import type { Context } from './context.ts';
import type { CliIo } from './io.ts';

/** `policy list|check|activate`: versioned, immutable documents; a case keeps the version it was opened under. */
export function addPolicyCommands(root: Command, io: CliIo, context: () => Promise<Context>): void {
  const policy = root.command('policy').description('the documents that hold every deadline, threshold and ladder');
  policy
    .command('list')
    .description('versions, newest first')
    .action(async () => {
      const { PolicyRow } = await import('../store/entities/register.ts');
      const rows = await (await (await context()).work()).find(PolicyRow, {}, { orderBy: { since: 'desc' }, disableIdentityMap: true });
      const lines = rows.map(({ digest, name, version, since }) => ({ digest, name, version, since }));
      io.out(lines);
      for (const line of lines) io.say(`${line.name} version ${line.version}, for cases opened from ${line.since} on (${line.digest})`);
    });
  policy
    .command('check')
    .argument('<file>')
    .description('says what is wrong with a policy document, with path and cure')
    .action(async (file: string) => {
      const { policyDigest } = await import('../domain/policy/policy.ts');
      const digest = policyDigest(await readPolicy(file));
      io.out({ digest });
      io.say(`The policy is sound: ${digest}`);
    });
  policy
    .command('activate')
    .argument('<file>')
    .description('new cases pin this version from now on; open ones keep theirs')
    .action(async (file: string) => {
      const document = await readPolicy(file);
      const { storePolicy } = await import('../store/policies.ts');
      const opened = await context();
      const digest = await storePolicy(await opened.work(), document, opened.clock.now());
      io.out({ digest });
      io.say(`New cases are opened under ${digest}.`);
    });
}

async function readPolicy(file: string): Promise<PolicyDocument> {
  const { parsePolicy } = await import('../policies/load.ts');
  return parsePolicy(await readFile(file, 'utf8'), basename(file));
}
