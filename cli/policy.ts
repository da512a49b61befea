import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Command } from 'commander';
import type { PolicyDocument } from '../domain/policy/policy.ts';
import type { Manager } from '../store/connection/orm.ts';
import type { PolicyStatus } from '../store/queries/policy-status.ts';
import type { Context } from './context.ts';
import { CliError } from './error.ts';
import { ExitCode } from './exit.ts';
import type { CliIo } from './io.ts';

/** `policy list|status|check|activate`: versioned, immutable documents; a case keeps the version it was opened under. */
export function addPolicyCommands(root: Command, io: CliIo, context: () => Promise<Context>): void {
  const policy = root.command('policy').description('the documents that define every deadline, threshold and ladder');
  policy
    .command('list')
    .description('lists versions, newest first')
    .action(async () => {
      const { PolicyRow } = await import('../store/schema/entities/register.ts');
      const rows = await (await (await context()).work()).find(PolicyRow, {}, { orderBy: { since: 'desc' } });
      const lines = rows.map(({ digest, name, version, since }) => ({ digest, name, version, since }));
      io.out(lines);
      for (const line of lines) io.say(`${line.name} version ${line.version}, for cases opened from ${line.since} on (${line.digest})`);
    });
  policy
    .command('check')
    .argument('<file>')
    .description('checks a policy document and reports each error with its path and how to fix it')
    .action(async (file: string) => {
      const { policyDigest } = await import('../domain/policy/policy.ts');
      const digest = policyDigest(await readPolicy(file));
      io.out({ digest });
      io.say(`The policy is sound: ${digest}`);
    });
  addActivation(policy, io, context);
  policy
    .command('status')
    .description('shows the policy in force, the versions that open cases use, and whether a newer shipped policy is available')
    .action(async () => {
      const opened = await context();
      const { policyStatus } = await import('../store/queries/policy-status.ts');
      const status = await policyStatus(await opened.work(), opened.clock.now(), await shipped());
      io.out(status);
      io.say(statusInWords(status).join('\n'));
      if (status.pinned.some(({ trouble }) => trouble !== null)) io.exitCode = ExitCode.failed;
    });
}

interface ActivateOptions {
  readonly shipped?: true;
}

function addActivation(policy: Command, io: CliIo, context: () => Promise<Context>): void {
  policy
    .command('activate')
    .argument('[file]')
    .option('--shipped', 'use the policy shipped with this version instead of a file')
    .description('puts a version in force for new cases; open cases keep theirs')
    .action(async (file: string | undefined, { shipped: isShipped }: ActivateOptions) => {
      if ((file === undefined) === (isShipped === undefined))
        throw new CliError(ExitCode.usage, 'wrong-usage', 'Name a file, or say --shipped.', 'See "interdict policy activate --help".');
      // What is wrong with a file is told whether or not anything runs.
      const read = file === undefined ? undefined : await readPolicy(file);
      const opened = await context();
      const em = await opened.work();
      const document = read ?? (await shippedHere(em));
      const { storePolicy } = await import('../store/register/policies.ts');
      const digest = await storePolicy(em, document, opened.clock.now());
      const { name, version } = document;
      io.out({ digest, name, version });
      io.say(`New cases are opened under ${name} version ${version} (${digest}).`);
    });
}

/** The shipped policy under the number that is free for it here. */
async function shippedHere(em: Manager): Promise<PolicyDocument> {
  const [{ offerOf }, { policiesOf }] = await Promise.all([import('../domain/policy/compare.ts'), import('../store/queries/register-pages.ts')]);
  const document = await shipped();
  const stored = (await policiesOf(em)).map((row) => row.document as PolicyDocument);
  // Where it is known already, storing it says whether it is in force or has been followed by another one.
  return offerOf(document, stored) ?? document;
}

function statusInWords({ inForce, pinned, offered }: PolicyStatus): readonly string[] {
  const lines =
    inForce === null
      ? ['No policy is in force.']
      : [`In force: ${inForce.name} version ${inForce.version}, since ${inForce.since} (${inForce.digest})`];
  if (inForce !== null && inForce.defaults.length > 0)
    lines.push(`  It is written in schema ${inForce.schema}; the defaults of later ones are read at ${inForce.defaults.join(', ')}.`);
  for (const { digest, name, version, open, trouble } of pinned)
    lines.push(
      `  ${open} open on ${name === null ? digest : `${name} version ${version}`}${trouble === null ? '' : `, which cannot be read: ${trouble}`}`,
    );
  if (offered === null) return [...lines, 'The shipped policy is known here.'];
  return [
    ...lines,
    `This version ships a policy that is new here. "interdict policy activate --shipped" puts it in force as ${offered.name} version ${offered.version}, for cases opened from then on. It changes:`,
    ...offered.changes.map(({ path, was, is }) => `  ${path}: ${was ?? 'not there'} -> ${is ?? 'not there'}`),
  ];
}

async function shipped(): Promise<PolicyDocument> {
  const { shippedPolicy } = await import('../policies/load.ts');
  return shippedPolicy();
}

async function readPolicy(file: string): Promise<PolicyDocument> {
  const { parsePolicy } = await import('../policies/load.ts');
  return parsePolicy(await readFile(file, 'utf8'), basename(file));
}
