import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { settingsSchema } from '../../config/settings.ts';
import { commandsIn } from '../../scripts/docs-check.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const FOLDER = join(ROOT, 'deploy', 'kubernetes');

const container = z.object({
  name: z.string(),
  workingDir: z.literal('/app'),
  command: z.array(z.string()),
  env: z.array(z.object({ name: z.string() })).default([]),
  envFrom: z.array(z.object({ configMapRef: z.object({ name: z.string() }).optional(), secretRef: z.object({ name: z.string() }).optional() })),
  securityContext: z.object({
    allowPrivilegeEscalation: z.literal(false),
    readOnlyRootFilesystem: z.literal(true),
    capabilities: z.object({ drop: z.tuple([z.literal('ALL')]) }),
  }),
  volumeMounts: z.array(z.object({ name: z.string(), mountPath: z.string() })),
  readinessProbe: z.object({ httpGet: z.object({ path: z.literal('/healthz') }) }).optional(),
});
const pod = z.object({
  securityContext: z.object({ runAsNonRoot: z.literal(true), runAsUser: z.number().min(1) }),
  automountServiceAccountToken: z.literal(false),
  containers: z.array(container).length(1),
  volumes: z.array(z.object({ name: z.string(), persistentVolumeClaim: z.object({ claimName: z.string() }).optional() })),
});
const resource = z.object({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.object({ name: z.string() }),
  data: z.record(z.string(), z.string()).optional(),
  stringData: z.record(z.string(), z.string()).optional(),
  spec: z.looseObject({ template: z.object({ spec: pod }).optional() }).optional(),
});

const resources = readdirSync(FOLDER)
  .flatMap((name) => parseAllDocuments(readFileSync(join(FOLDER, name), 'utf8')))
  .map((document) => {
    expect(document.errors).toEqual([]);
    return resource.parse(document.toJS());
  });
const named = (kind: string) => new Map(resources.filter((one) => one.kind === kind).map((one) => [one.metadata.name, one]));
const pods = resources.flatMap(({ metadata, spec }) => (spec?.template === undefined ? [] : [{ name: metadata.name, pod: spec.template.spec }]));
const containers = pods.flatMap(
  ({
    name,
    pod: {
      containers: [one],
    },
  }) => (one === undefined ? [] : [{ owner: name, ...one }]),
);

/** The settings that a container gets, by name. */
function settingsOf({ envFrom }: z.output<typeof container>): Readonly<Record<string, string>> {
  const parts = envFrom.map(({ configMapRef, secretRef }) => {
    const found =
      configMapRef === undefined ? named('Secret').get(secretRef?.name ?? '')?.stringData : named('ConfigMap').get(configMapRef.name)?.data;
    expect(found, `${configMapRef?.name ?? secretRef?.name}`).toBeDefined();
    return found ?? {};
  });
  return Object.assign({}, ...parts) as Record<string, string>;
}

function run(...args: readonly string[]): string {
  return spawnSync(process.execPath, ['cli/main.ts', ...args], { cwd: ROOT, encoding: 'utf8' }).stdout;
}

describe('the manifests', () => {
  it('run three parts, each bound, unprivileged and on a file system that it cannot write', () => {
    // The schema above says what each must have.
    expect(pods.map(({ name }) => name).sort()).toEqual(['interdict-migrate-0-1-0', 'interdict-portal', 'interdict-worker']);
    const claims = pods.flatMap(({ pod: { volumes } }) => volumes.flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []));
    expect(new Set(claims)).toEqual(new Set(named('PersistentVolumeClaim').keys()));
  });

  it('set what the settings know, with values that they take, and mount the folder that they name', () => {
    for (const one of containers) {
      const settings = settingsOf(one);
      const names = [...Object.keys(settings), ...one.env.map(({ name }) => name)];
      expect(names.filter((name) => !Object.hasOwn(settingsSchema.shape, name))).toEqual([]);
      expect([one.owner, settingsSchema.safeParse(settings).error?.issues ?? []]).toEqual([one.owner, []]);
      const mounts = one.volumeMounts.map(({ mountPath }) => mountPath);
      if (one.name !== 'migrate') expect(mounts).toContain(settings['INTERDICT_DATA']);
    }
  });

  it('give the login of the owner to the migration alone', () => {
    const owner = named('Secret').get('interdict-owner')?.stringData?.['DATABASE_URL'];
    expect(owner).toBeDefined();
    expect(containers.filter((one) => Object.values(settingsOf(one)).includes(owner ?? '')).map(({ name }) => name)).toEqual(['migrate']);
  });

  it('start programs and commands that there are, with options that they have', () => {
    const commands = commandsIn(run('--help'));
    for (const { command } of containers) {
      const [node, program = '', name, ...options] = command;
      expect([node, existsSync(join(ROOT, program))]).toEqual(['node', true]);
      if (program !== 'cli/main.ts') continue;
      expect(commands).toContain(name);
      const help = run(name ?? '', '--help');
      for (const option of options.filter((word) => word.startsWith('--'))) expect(help).toContain(option);
    }
  });
});
