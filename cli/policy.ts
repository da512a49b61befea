import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Command } from 'commander';
import { policyDigest } from '../domain/policy/policy.ts';
import { parsePolicy } from '../policies/load.ts';
import { PolicyRow } from '../store/entities/register.ts';
import { work } from '../store/orm.ts';
import { storePolicy } from '../store/policies.ts';
import type { Context } from './context.ts';
import type { CliIo } from './io.ts';

/** `policy list|check|activate`: versioned, immutable documents; a case keeps the version it was opened under. */
export function addPolicyCommands(root: Command, io: CliIo, context: () => Context): void {
  const policy = root.command('policy').description('the documents that hold every deadline, threshold and ladder');
  policy
    .command('list')
    .description('versions, newest first')
    .action(async () => {
      const rows = await work(await context().store()).find(PolicyRow, {}, { orderBy: { since: 'desc' }, disableIdentityMap: true });
      const lines = rows.map(({ digest, name, version, since }) => ({ digest, name, version, since }));
      io.out(lines);
      for (const line of lines) io.say(`${line.name} version ${line.version}, for cases opened from ${line.since} on (${line.digest})`);
    });
  policy
    .command('check')
    .argument('<file>')
    .description('says what is wrong with a policy document, with path and cure')
    .action(async (file: string) => {
      const document = parsePolicy(await readFile(file, 'utf8'), basename(file));
      io.out({ digest: policyDigest(document) });
      io.say(`The policy is sound: ${policyDigest(document)}`);
    });
  policy
    .command('activate')
    .argument('<file>')
    .description('new cases pin this version from now on; open ones keep theirs')
    .action(async (file: string) => {
      const document = parsePolicy(await readFile(file, 'utf8'), basename(file));
      const digest = await storePolicy(work(await context().store()), document, context().clock.now());
      io.out({ digest });
      io.say(`New cases are opened under ${digest}.`);
    });
}
