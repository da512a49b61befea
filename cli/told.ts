import { HistoryFileError } from '../verifier/json-text.ts';
import { printable } from '../verifier/values.ts';
import { ExitCode, exitCodeOf } from './exit.ts';
import type { CliIo } from './io.ts';
import { FileExists } from './write-file.ts';

/** Runs a command about files; whatever it throws becomes words, one JSON document and an exit code. */
export async function told(io: CliIo, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    const message = printable(error instanceof Error ? error.message : String(error), 2_000);
    io.say(message);
    io.out({ error: message, ...(error instanceof HistoryFileError && { place: error.place, cure: error.cure }) });
    io.exitCode = codeOf(error);
  }
}

function codeOf(error: unknown): ExitCode {
  if (error instanceof FileExists) return ExitCode.usage;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOENT' || code === 'EISDIR' || code === 'EACCES' ? ExitCode.usage : exitCodeOf(error);
}
