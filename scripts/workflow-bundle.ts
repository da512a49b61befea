import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

/** What webpack packed for the workflow sandbox: every source file, relative to the checkout, and the bundle's size. */
export interface WorkflowModules {
  readonly bytes: number;
  readonly modules: readonly string[];
}

/** Packages that the SDK's own workflow runtime brings. Everything else in the bundle is ours or a mistake. */
const SDK = /^node_modules\/(@temporalio\/(workflow|common|proto)|nexus-rpc|ms|long)\//;
const OURS = /^(workflows|domain)\/[\w./-]+\.(ts|cjs)$/;
const SOURCE_MAP = /sourceMappingURL=data:application\/json;charset=utf-8;base64,([A-Za-z0-9+/=]+)/;

/** Packs the workflows as a worker does and reads what went in from the source map. */
export async function workflowModules(): Promise<WorkflowModules> {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const { code } = await bundleWorkflowCode({ workflowsPath: `${root}workflows/index.ts`, logger: new DefaultLogger('ERROR') });
  const map = SOURCE_MAP.exec(code)?.[1];
  if (map === undefined) throw new Error('the workflow bundle carries no source map to read its modules from');
  // The source map's own format, written by webpack a moment ago.
  const { sources } = JSON.parse(Buffer.from(map, 'base64').toString('utf8')) as { sources: readonly string[] };
  const modules = sources
    .map((source) => source.replace(/^webpack:\/\/\/?/, '').replace(root, ''))
    .filter((source) => !/^webpack\/|^ignored\|.*__temporal_custom_/.test(source));
  return { bytes: Buffer.byteLength(code), modules: modules.sort() };
}

/** The modules that do not belong into the sandbox: node builtins, zod, MikroORM, activities, anything but SDK, workflows and domain. */
export function strayModules(modules: readonly string[]): readonly string[] {
  return modules.filter((name) => !SDK.test(name) && !OURS.test(name));
}
