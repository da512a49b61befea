import type { Client } from '@temporalio/client';
import type { VaultPort } from '../adapters/ports.ts';
import type { Store } from '../store/connection/orm.ts';
import type { ExitCode } from './exit.ts';

/** How a command speaks: one JSON document, or words. */
export interface CliIo {
  readonly json: boolean;
  /** The one JSON document on standard output; nothing without `--json`. */
  out(value: unknown): void;
  /** Words: on standard output, with `--json` on standard error. */
  say(text: string): void;
  set exitCode(code: ExitCode);
}

/** What commands reach, opened when it is first asked for; the composition root closes it. */
export interface CliContext {
  store(): Promise<Store>;
  temporal(): Client | Promise<Client>;
  /** Where archives are; without it an export whose workflow history Temporal has forgotten goes without. */
  vault?(): VaultPort | Promise<VaultPort>;
}
