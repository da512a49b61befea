import type { Command } from 'commander';
import { instantArgument, oneOf } from './arguments.ts';
import type { Context } from './context.ts';
import { CliError } from './error.ts';
import { ExitCode } from './exit.ts';
import type { CliIo } from './io.ts';

const SCOPES = ['read', 'write', 'export', 'webhooks'] as const;

interface CreateOptions {
  readonly for: string;
  readonly label: string;
  readonly scope: readonly string[];
  readonly expires?: string;
}

/** `key create|rotate|revoke|list`: with which machines use the HTTP API. A key is shown once. */
export function addKeyCommands(root: Command, io: CliIo, context: () => Promise<Context>): void {
  const key = root.command('key').description('keys for programs that use the HTTP API on behalf of a person');
  key
    .command('create')
    .description('creates a key and shows it once')
    .requiredOption('--for <who>', 'id of the person or seller for whom it acts')
    .requiredOption('--label <text>', 'what it is for')
    .option('--scope <scope...>', SCOPES.join(', '), ['read'])
    .option('--expires <instant>', 'ISO 8601; default: valid until revoked')
    .action(async (options: CreateOptions) => {
      const scopes = options.scope.map((scope) => oneOf(scope, SCOPES, '--scope'));
      const expires = options.expires === undefined ? {} : { expiresAt: instantArgument(options.expires, '--expires') };
      const opened = await context();
      const em = await opened.work();
      const [{ createKey }, { findPrincipal }] = await Promise.all([
        import('../store/access/machine-keys.ts'),
        import('../store/register/people.ts'),
      ]);
      if ((await findPrincipal(em, options.for)) === undefined)
        throw new CliError(
          ExitCode.failed,
          'unknown-person',
          `Nobody with the id ${options.for} is known here.`,
          'Import people first, or check the id.',
        );
      show(io, await createKey(em, { who: options.for, label: options.label, scopes, ...expires }, opened.clock.now()));
    });
  key
    .command('rotate')
    .argument('<id>')
    .description('creates a new key with the same rights; the old key remains valid for an hour')
    .action(async (id: string) => {
      const opened = await context();
      const { rotateKey } = await import('../store/access/machine-keys.ts');
      const made = await rotateKey(await opened.work(), id, opened.clock.now(), 3_600_000);
      if (made === undefined) throw unknownKey(id);
      show(io, made);
    });
  key
    .command('revoke')
    .argument('<id>')
    .description('revokes a key immediately')
    .action(async (id: string) => {
      const opened = await context();
      const { revokeKey } = await import('../store/access/machine-keys.ts');
      if (!(await revokeKey(await opened.work(), id, opened.clock.now()))) throw unknownKey(id);
      io.out({ id, revoked: true });
      io.say(`${id} is worth nothing any more.`);
    });
  key
    .command('list')
    .description('lists all keys, without their secrets')
    .action(async () => {
      const { listKeys } = await import('../store/access/machine-keys.ts');
      const keys = await listKeys(await (await context()).work());
      io.out(keys);
      for (const { id, who, label, scopes, revokedAt, expiresAt } of keys)
        io.say(
          `${id}  ${who}  ${scopes.join('+')}  ${label}${revokedAt == null ? '' : `  revoked ${revokedAt}`}${expiresAt == null ? '' : `  until ${expiresAt}`}`,
        );
    });
}

function show(io: CliIo, { id, key }: { readonly id: string; readonly key: string }): void {
  io.out({ id, key });
  io.say(`${id}\n${key}\nKeep it now: only its digest is stored. Send it as "Authorization: Bearer ...".`);
}

function unknownKey(id: string): CliError {
  return new CliError(ExitCode.failed, 'unknown-key', `There is no key ${id} that could be used.`, 'List them with "interdict key list".');
}
