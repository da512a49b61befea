import type { Command } from 'commander';
import type { CliIo } from './io.ts';

/** `scenario FILE...`: runs stories on a throw-away stack with a virtual clock. */
export function addScenarioCommand(root: Command, io: CliIo): void {
  root
    .command('scenario')
    .argument('<file...>', 'YAML or JSON documents, or folders of them')
    .description('runs stories and prints each step and check')
    .action(async (files: readonly string[]) => {
      const { runScenarios } = await import('../scenarios/runner/run.ts');
      io.exitCode = await runScenarios(files, io);
    });
}
