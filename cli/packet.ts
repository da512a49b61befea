import type { Command } from 'commander';
import type { VaultPort } from '../adapters/ports.ts';
import { isAggregateId } from '../domain/ids.ts';
import { Language } from '../domain/packet/facts.ts';
import type { MissingItem } from '../domain/packet/missing.ts';
import { profileIds, profileOf } from '../domain/packet/profile.ts';
import type { Manager } from '../store/connection/orm.ts';
import { oneOf } from './arguments.ts';
import type { Context } from './context.ts';
import { CliError } from './error.ts';
import { ExitCode } from './exit.ts';
import type { CliIo } from './io.ts';

interface PacketArguments {
  readonly referral?: string;
  readonly out?: string;
  readonly dryRun?: boolean;
  readonly force?: boolean;
  readonly profile?: string;
  readonly language?: string;
  readonly disclose?: string;
}

/** Whom a case alone is packed for when nobody says it. */
const CASE_PROFILE = 'police';

/** `packet ID --out FILE`: the evidence packet of a case; `--dry-run` says what is missing and how to cure it. */
export function addPacketCommand(root: Command, io: CliIo, context: () => Promise<Context>, vault: () => Promise<VaultPort>): void {
  root
    .command('packet')
    .argument('[id]', 'a sealed case')
    .description('writes the evidence packet of a case or a referral: a ZIP file that anyone can verify and replay')
    .option('--referral <id>', 'the submission in preparation of a referral, otherwise the one sent last')
    .option('--out <file>', 'the file to write')
    .option('--dry-run', 'only show what is missing and how to supply it')
    .option('--force', 'overwrite an existing file')
    .option('--profile <profile>', `who receives it: ${profileIds().join(', ')}; without it the referral's own, of a case alone ${CASE_PROFILE}`)
    .option('--language <language>', `the second language of the cover: ${Object.values(Language).join(', ')}`)
    .option('--disclose <kinds>', 'withheld values to include, for example seller,statement,note; "none" for none')
    .action(async (id: string | undefined, options: PacketArguments) => runPacket(io, context, vault, subjectArgument(id, options), options));
}

async function runPacket(
  io: CliIo,
  context: () => Promise<Context>,
  openVault: () => Promise<VaultPort>,
  id: string,
  options: PacketArguments,
): Promise<void> {
  const { out, dryRun, force } = options;
  const profile = options.profile === undefined ? undefined : oneOf(options.profile, profileIds(), '--profile');
  const language = options.language === undefined ? undefined : oneOf(options.language, Object.values(Language), '--language');
  if (out === undefined && dryRun !== true)
    throw new CliError(ExitCode.usage, 'no-file', 'Name the file to write with --out, or ask with --dry-run.');
  const discloses = options.disclose === undefined ? undefined : kindsArgument(options.disclose);
  const built = await assemblePacket(await (await context()).work(), await openVault(), id, { profile, language, discloses });
  if (built === undefined) throw new CliError(ExitCode.failed, 'unknown-case', `There is no case ${id}.`, 'List them with "interdict cases".');
  const { missing, packet } = built;
  const said = { id, profile: built.profile, complete: missing.length === 0, refused: packet === undefined, missing };
  for (const line of missingLines(missing)) io.say(line);
  if (packet === undefined) {
    io.say('The packet is refused.');
    io.out({ ...said, error: { code: 'packet-refused', message: refusalWords(missing) } });
    io.exitCode = ExitCode.failed;
  } else if (dryRun === true || out === undefined) {
    io.say(missing.length === 0 ? 'Nothing is missing.' : 'The packet can be written; its cover says what is missing.');
    io.out({ ...said, files: packet.files });
  } else {
    const { writeWhole } = await import('./write-file.ts');
    const { hashed } = await import('./hashed.ts');
    const whole = hashed(packet.bytes());
    await writeWhole(out, whole.bytes, force === true);
    io.say(`${out}: ${packet.files.length} files, SHA-256 ${whole.digest()}`);
    io.out({ ...said, out, files: packet.files.length, sha256: whole.digest() });
  }
}

function subjectArgument(id: string | undefined, { referral }: PacketArguments): string {
  if ((id === undefined) === (referral === undefined))
    throw new CliError(ExitCode.usage, 'no-subject', 'Name a case, or a referral with --referral.');
  return id ?? referral ?? '';
}

/** How a packet is put together. */
export interface Assembling {
  /** Without it the referral's own; of a case alone `police`. */
  readonly profile?: string | undefined;
  readonly language?: Language | undefined;
  readonly discloses?: readonly string[] | undefined;
}

/** Puts a packet together, of a referral's submission or of a case alone. Undefined when there is none of that id. */
export async function assemblePacket(em: Manager, vault: VaultPort, id: string, { profile: wanted, ...options }: Assembling) {
  const [{ readSubject }, { PolicyCache }, { buildPacket }, { packetPrograms }] = await Promise.all([
    import('../store/queries/packet-subject.ts'),
    import('../store/log/context.ts'),
    import('../adapters/packet/build-packet.ts'),
    import('../verifier/entry/packet-programs.ts'),
  ]);
  const found = isAggregateId(id) ? await readSubject(em, new PolicyCache(), id) : undefined;
  if (found === undefined) return undefined;
  const profile = profileOf(wanted ?? found.profile ?? CASE_PROFILE);
  if (profile === undefined) throw new CliError(ExitCode.usage, 'wrong-value', `There is no profile "${wanted ?? found.profile}".`);
  const built = await buildPacket(vault, found.subject, { ...options, profile, programs: await packetPrograms() });
  return { profile: profile.id, ...built };
}

function kindsArgument(text: string): readonly string[] {
  if (text === 'none') return [];
  const kinds = text.split(',').map((kind) => kind.trim());
  if (kinds.every((kind) => /^[a-zA-Z]{1,40}$/.test(kind))) return kinds;
  throw new CliError(
    ExitCode.usage,
    'wrong-value',
    `--disclose: "${text}" is not a valid list of kinds.`,
    'Write for example seller,statement or none.',
  );
}

function missingLines(missing: readonly MissingItem[]): readonly string[] {
  return missing.map(({ item, where, what, cure, refuses }) => `${refuses ? 'REFUSES' : 'missing'} ${item}: ${where}: ${what}. ${cure}`);
}

function refusalWords(missing: readonly MissingItem[]): string {
  return missing
    .filter(({ refuses }) => refuses)
    .map(({ where, what, cure }) => `${where}: ${what}. ${cure}`)
    .join(' ');
}
