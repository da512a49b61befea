import type { ExitCode } from './exit.ts';

/** A command that cannot go on, with the words and the cure for the person at the terminal. */
export class CliError extends Error {
  readonly exitCode: ExitCode;
  readonly code: string;
  readonly cure: string | undefined;

  constructor(exitCode: ExitCode, code: string, message: string, cure?: string) {
    super(message);
    this.name = 'CliError';
    this.exitCode = exitCode;
    this.code = code;
    this.cure = cure;
  }
}
