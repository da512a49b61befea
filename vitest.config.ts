import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.ts';
import { projectFiles } from './test/support/projects.ts';

const files = projectFiles();
// As scripts/bootstrap.js does, for whoever starts vitest without it: the processes that tests start are compiled once.
process.env['NODE_COMPILE_CACHE'] ??= join(import.meta.dirname, 'node_modules', '.cache', 'compiled');

export default defineConfig({
  test: {
    // Servers are real and the machine may have two cores: a test that waits is slow, not wrong.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 20_000 } },
    // Most of the stack waits for its servers: more files than cores are under way.
    maxWorkers: 3,
    maxConcurrency: 2,
    pool: 'forks',
    sequence: { sequencer: LongestFirst },
    projects: [
      // What a file could leave to the next is in its database, which is its own: one process loads the modules once.
      { extends: true, test: { name: 'unit', include: [...files.unit], isolate: false, maxWorkers: 2, sequence: { groupOrder: 1 } } },
      { extends: true, test: { name: 'store', isolate: false, include: [...files.store], globalSetup: ['test/support/global-setup.ts'] } },
      { extends: true, test: { name: 'stack', isolate: false, include: [...files.stack], globalSetup: ['test/support/global-setup.ts'] } },
    ],
  },
});
