import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { LONG_FOLDERS } from './projects.ts';

/**
 * Project by project, what takes longest first: a run then ends with short files, of which every process has one. In a fresh clone no
 * earlier run has measured the files, and the size of a file says nothing of how long it waits; its folder does.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    if (files.every((file) => this.ctx.cache.getTestSpecificationResult(file) !== undefined)) return sorted;
    const byProject = Map.groupBy(sorted, ({ project }) => project.name);
    return [...byProject.values()].flatMap((own) => own.sort((a, b) => this.#place(a) - this.#place(b)));
  }

  #place({ moduleId }: TestSpecification): number {
    const path = moduleId.slice(this.ctx.config.root.length + 1);
    const found = LONG_FOLDERS.findIndex((folder) => path.startsWith(folder));
    return found === -1 ? LONG_FOLDERS.length : found;
  }
}
