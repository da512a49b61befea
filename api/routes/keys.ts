import { z } from 'zod';
import { listKeys } from '../../store/access/machine-keys.ts';
import { work } from '../../store/connection/orm.ts';
import type { ServerDeps } from '../deps.ts';
import { type App, READ_PROBLEMS } from '../route.ts';
import { instantSchema } from '../schemas/basics.ts';

const keysSchema = z
  .object({
    lines: z.array(
      z.object({
        id: z.string(),
        who: z.string(),
        label: z.string(),
        scopes: z.array(z.string()),
        madeAt: instantSchema,
        expiresAt: instantSchema.nullable(),
        revokedAt: instantSchema.nullable(),
        seenAt: instantSchema.nullable(),
      }),
    ),
  })
  .meta({ id: 'Keys', description: 'Machine keys, never their secrets; they are made and ended with `interdict key`' });

/** Which machines have keys. */
export function addKeyRoutes(app: App, deps: ServerDeps): void {
  app.get(
    '/api/keys',
    {
      config: { access: { operation: 'key.read', scope: 'read' } },
      schema: { tags: ['keys'], summary: 'All machine keys', response: { 200: keysSchema, ...READ_PROBLEMS } },
    },
    async () => {
      const keys = await listKeys(work(deps.engine));
      return {
        lines: keys.map(({ scopes, expiresAt, revokedAt, seenAt, ...key }) => ({
          ...key,
          scopes: [...scopes],
          expiresAt: expiresAt ?? null,
          revokedAt: revokedAt ?? null,
          seenAt: seenAt ?? null,
        })),
      };
    },
  );
}
