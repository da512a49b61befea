import type { Command } from 'commander';
import { runScenarios } from '../scenarios/runner/run.ts';
import type { CliIo } from './io.ts';

/** `scenario FILE...`: runs stories on a throw-away stack with a virtual clock. */
export function addScenarioCommand(root: Command, io: CliIo): void {
  root
    .command('scenario')
    .argument('<file...>', 'YAML or JSON documents, or folders of them')
    .description('runs stories, prints each step and check')
    .action(async (files: readonly string[]) => {
      io.exitCode = await runScenarios(files, io);
    });
}
