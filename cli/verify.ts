import type { Command } from 'commander';
import { ExitCode } from './exit.ts';
import type { CliIo } from './io.ts';

/** `verify FILE`: checks an evidence packet or an exported history offline. */
export function addVerifyCommand(program: Command, io: CliIo): void {
  program
    .command('verify <file>')
    .description('verifies an evidence packet or an exported history offline and describes each check')
    .option('--root <hash>', ROOT_OPTION)
    .option('--unknown-rules', UNKNOWN_RULES_OPTION)
    .action((file: string, options: VerifyOptions) => runVerify(io, file, options));
}

export const ROOT_OPTION = 'its root or digest, as published or witnessed elsewhere';
export const UNKNOWN_RULES_OPTION = 'let rules that this verifier does not know judge the file they come with, in an interpreter; that proves little';

interface VerifyOptions {
  readonly root?: string;
  readonly unknownRules?: boolean;
}

async function runVerify(io: CliIo, path: string, options: VerifyOptions): Promise<void> {
  const [{ verifyFile }, { verifiedLines }, { nodeRulebook }] = await Promise.all([
    import('../verifier/entry/verify-file.ts'),
    import('../verifier/report.ts'),
    import('../verifier/entry/node-rulebook.ts'),
  ]);
  const verified = await verifyFile(path, await nodeRulebook(options), options);
  const broken = verified.checks.find(({ ok }) => !ok) ?? null;
  for (const line of verifiedLines(verified)) io.say(line);
  io.out({ ok: broken === null, broken, ...verified });
  io.exitCode = broken === null ? ExitCode.done : ExitCode.failed;
}
