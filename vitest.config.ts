import { defineConfig } from 'vitest/config';
import { projectFiles } from './test/support/projects.ts';

const files = projectFiles();

export default defineConfig({
  test: {
    // Servers are real and the machine may have two cores: a test that waits is slow, not wrong.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    pool: 'forks',
    projects: [
      // Without a server there is little that one file could leave to the next: one process loads the modules once.
      { extends: true, test: { name: 'unit', include: [...files.unit], isolate: false } },
      { extends: true, test: { name: 'store', include: [...files.store], globalSetup: ['test/support/global-setup.ts'] } },
      { extends: true, test: { name: 'stack', include: [...files.stack], globalSetup: ['test/support/global-setup.ts'] } },
    ],
  },
});
