import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { Sender, Sent, Target } from '../client/case-client.ts';
import { bodyByHand, fieldsByHand, schemaByHand } from '../commands/by-hand.ts';
import { CATALOGUE } from '../commands/catalogue.ts';
import { type ByHand, type Command as CatalogueCommand, describedAs, isOptional, kebab, nameByHand, partsOf } from '../commands/command.ts';
import type { Field } from '../commands/field.ts';
import { AggregateKind } from '../domain/ids.ts';
import type { Context } from './context.ts';
import { CliError } from './error.ts';
import { ExitCode } from './exit.ts';
import type { CliIo } from './io.ts';

interface SenderOptions {
  readonly as: string;
  readonly messageId?: string;
}

/** What commander has read: options by their names. */
type Options = Readonly<Record<string, unknown>> & SenderOptions;

/** Groups of commands that have no lists of their own. */
const GROUPS: Readonly<Record<string, string>> = {
  appeal: 'appeals against closed cases',
  exhibit: 'test purchases and samples of an open case, and their custody',
};

/** The commands of the catalogue: each becomes an inbox row and is answered by the log. */
export function addMessageCommands(root: Command, io: CliIo, context: () => Promise<Context>): void {
  for (const command of CATALOGUE) for (const way of command.byHand) addCommand(root, command, way, io, context);
}

function addCommand(root: Command, command: CatalogueCommand, way: ByHand, io: CliIo, context: () => Promise<Context>): void {
  const positional = way.positional ?? [];
  const fields = fieldsByHand(command, way);
  const added = wordOf(root, way.cli)
    .description(way.summary ?? command.summary)
    .requiredOption('--as <who>', 'id of the person or seller who acts')
    .option('--message-id <id>', 'sending the same id again changes nothing');
  const targetOf = addTarget(added, command, way);
  for (const name of positional) added.argument(targetOf.isFirst ? `[${kebab(name)}]` : `<${kebab(name)}>`, helpOf(fields[name]));
  for (const [name, field] of Object.entries(fields)) if (!positional.includes(name)) addOption(added, optionOf(way, name), field);
  added.action(async (...args: unknown[]) => {
    const options = added.opts<Options>();
    const { target, rest } = targetOf.read(
      args.filter((arg) => typeof arg === 'string'),
      options,
    );
    const written = readAll(command, way, rest, options);
    const [client, vault] = [await (await context()).client(), async () => (await context()).vault()];
    const body = await bodyByHand(command, way, written, async (path) => (await vault()).put(await readFile(path)));
    report(io, await (target === undefined ? client.open(command, senderOf(options), body) : client.send(command, senderOf(options), target, body)));
  });
}

/** `sanction lift` below its group. */
function wordOf(root: Command, words: string): Command {
  const [group, word] = words.split(' ');
  if (group === undefined || word === undefined) return root.command(words);
  const found = root.commands.find((one) => one.name() === group) ?? root.command(group).description(GROUPS[group] ?? '');
  return found.command(word);
}

interface TargetReader {
  /** The id comes before the other arguments, and may be left out where options name the case. */
  readonly isFirst: boolean;
  /** Throws a usage error when nothing names the aggregate. */
  read(args: readonly string[], options: Options): { readonly target: Target | undefined; readonly rest: readonly string[] };
}

/** Adds what names the aggregate: its id; of a case also its listing and holder. */
function addTarget(added: Command, { name, isOpening }: CatalogueCommand, { cli, positional = [] }: ByHand): TargetReader {
  const [kind] = partsOf(name);
  if (isOpening) return { isFirst: false, read: (rest) => ({ target: undefined, rest }) };
  if (kind !== AggregateKind.case) {
    added.argument('<id>');
    return { isFirst: false, read: ([id = '', ...rest]) => ({ target: { id }, rest }) };
  }
  if (cli.includes(' ')) {
    added.option('--case <id>').option('--listing <listing>').option('--holder <organisation>');
    return { isFirst: false, read: (rest, options) => ({ target: caseOf(options['case'], options), rest }) };
  }
  added.argument('[id]', 'case id').option('--listing <listing>').option('--holder <organisation>');
  return {
    isFirst: true,
    read: (args, options) => {
      const hasId = args.length > positional.length;
      return { target: caseOf(hasId ? args[0] : undefined, options), rest: hasId ? args.slice(1) : args };
    },
  };
}

/** The case by its id, or by listing and holder. */
function caseOf(id: unknown, { listing, holder }: Readonly<Record<string, unknown>>): Target {
  if (typeof id === 'string') return { id };
  if (typeof listing === 'string' && typeof holder === 'string') return { listing, holder };
  throw new CliError(ExitCode.usage, 'no-target', 'Name the case by its id, or by --listing and --holder.');
}

function optionOf(way: ByHand, field: string): string {
  return way.options?.[field] ?? nameByHand(way, field);
}

function addOption(added: Command, name: string, field: Field): void {
  const flags = `--${name} <${placeholderOf(name, field)}>`;
  if (schemaByHand(field).safeParse(undefined).success) added.option(flags, helpOf(field));
  else added.requiredOption(flags, helpOf(field));
}

function placeholderOf(name: string, { shape, isFile, control }: Field): string {
  if (shape === 'pairs') return 'key=value...';
  const one = isFile === true ? 'file' : control.kind === 'text' ? 'text' : name;
  return shape === 'list' ? `${one}...` : one;
}

function helpOf(field: Field | undefined): string {
  if (field === undefined) return '';
  const fallback = isOptional(field) ? field.schema.parse(undefined) : undefined;
  const values = field.control.kind === 'choice' && field.control.values.length > 0 ? `: ${field.control.values.join(', ')}` : '';
  return `${describedAs(field)}${values}${typeof fallback === 'string' ? ` (default: ${fallback})` : ''}`;
}

/** What was written, each value read. Throws a usage error that names the option. */
function readAll(command: CatalogueCommand, way: ByHand, args: readonly string[], options: Options): Record<string, unknown> {
  const positional = way.positional ?? [];
  const read = Object.entries(fieldsByHand(command, way)).map(([name, field]) => {
    const at = positional.indexOf(name);
    if (at >= 0) return [name, readOne(kebab(name), field, args[at])] as const;
    const option = optionOf(way, name);
    return [name, readOne(`--${option}`, field, options[option.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())])] as const;
  });
  return Object.fromEntries(read);
}

function readOne(name: string, field: Field, written: unknown): unknown {
  const value = field.shape === 'pairs' && Array.isArray(written) ? Object.fromEntries(written.map((pair) => pairOf(String(pair), name))) : written;
  const parsed = schemaByHand(field).safeParse(value, { reportInput: true });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const shown = String(issue?.input);
  const text = issue?.input === undefined ? 'is missing' : `"${shown.length > 60 ? `${shown.slice(0, 60)}…` : shown}" ${issue.message}`;
  throw new CliError(ExitCode.usage, 'wrong-value', `${name}: ${text}.`);
}

/** `KEY=VALUE`. */
function pairOf(text: string, option: string): readonly [string, string] {
  const at = text.indexOf('=');
  if (at > 0 && at < text.length - 1) return [text.slice(0, at), text.slice(at + 1)];
  throw new CliError(ExitCode.usage, 'wrong-value', `${option}: "${text}" has no "=" between two parts.`, 'Write it as KEY=VALUE.');
}

/** As long as the inbox keeps. */
const LONGEST_MESSAGE_ID = 256;

/** Who gives it, and under which message id. */
function senderOf({ as, messageId }: SenderOptions): Sender {
  if (messageId !== undefined && (messageId === '' || messageId.length > LONGEST_MESSAGE_ID)) {
    throw new CliError(
      ExitCode.usage,
      'wrong-message-id',
      `--message-id has ${messageId.length} characters.`,
      `Write one of 1 to ${LONGEST_MESSAGE_ID}.`,
    );
  }
  return messageId === undefined ? { as } : { as, messageId };
}

/** Says what became of a message. */
function report(io: CliIo, sent: Sent): void {
  io.out(sent);
  if (sent.kind !== 'done' && sent.kind !== 'pending') io.exitCode = ExitCode.failed;
  io.say(inWords(sent));
}

function inWords(sent: Sent): string {
  switch (sent.kind) {
    case 'done':
      return sent.events.length === 0 ? `This is ${sent.aggregate}.` : `${sent.aggregate}, decision ${sent.n}: ${sent.events.join(', ')}.`;
    case 'pending':
      return `Accepted as ${sent.messageId} and not decided yet; it will be. "interdict case" shows when.`;
    case 'fault':
      return `${sent.message}. The case goes on without this message; this is a bug in interdict.`;
    default:
      return `Refused (${sent.code}): ${sent.message} ${sent.cure}`;
  }
}
