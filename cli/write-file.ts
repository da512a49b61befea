import { randomBytes } from 'node:crypto';
import { link, open, rename, rm } from 'node:fs/promises';
import { CliError } from './error.ts';
import { ExitCode } from './exit.ts';

/**
 * Writes a file whole or not at all, readable by its user only: it holds personal values.
 * @throws CliError when it is there and was not to be replaced
 */
export async function writeWhole(path: string, content: string | AsyncIterable<Uint8Array>, replace: boolean): Promise<void> {
  const draft = `${path}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    // A link never replaces what is there, so two exports at once cannot overwrite each other.
    await (replace ? rename(draft, path) : link(draft, path));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') {
      throw new CliError(ExitCode.usage, 'file-exists', `${path} exists.`, 'Choose another name, or replace it with --force.');
    }
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}
