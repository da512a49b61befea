import { z } from 'zod';
import { changesBetween } from '../../domain/policy/compare.ts';
import type { PolicyDocument } from '../../domain/policy/policy.ts';
import { policyDigest } from '../../domain/policy/policy.ts';
import { work } from '../../store/connection/orm.ts';
import { storePolicy } from '../../store/register/policies.ts';
import { policyDocument } from '../../store/queries/aggregate.ts';
import { policiesOf } from '../../store/queries/register-pages.ts';
import type { ServerDeps } from '../deps.ts';
import { refuse } from '../problems.ts';
import { type App, READ_PROBLEMS, WRITE_PROBLEMS } from '../route.ts';
import { digestSchema, policiesSchema, policyDiffSchema, policySchema, policyTextBody } from '../schemas/register.ts';

const tags = ['policies'];
const digestParam = z.object({ digest: z.string().max(80) });

/** Policy versions: read, compared, checked and put in force. */
export function addPolicyRoutes(app: App, deps: ServerDeps): void {
  const access = { operation: 'policy.read', scope: 'read' } as const;
  app.get(
    '/api/policies',
    { config: { access }, schema: { tags, summary: 'Versions, newest first', response: { 200: policiesSchema, ...READ_PROBLEMS } } },
    async () => ({ lines: await linesOf(deps) }),
  );
  app.get(
    '/api/policies/:digest',
    {
      config: { access },
      schema: { tags, summary: 'One version, every value with its source', params: digestParam, response: { 200: policySchema, ...READ_PROBLEMS } },
    },
    async (request) => {
      const line = (await linesOf(deps)).find(({ digest }) => digest === request.params.digest);
      if (line === undefined) refuse('not-found');
      return { ...line, document: await documentOf(deps, line.digest) };
    },
  );
  app.get(
    '/api/policies/:digest/diff',
    {
      config: { access },
      schema: {
        tags,
        summary: 'What changed since another version',
        params: digestParam,
        querystring: z.object({ since: z.string().max(80).describe('Digest of the version to compare with') }),
        response: { 200: policyDiffSchema, ...READ_PROBLEMS },
      },
    },
    async (request) => {
      const { digest: to } = request.params;
      const { since: from } = request.query;
      return { from, to, changes: changesBetween(await documentOf(deps, from), await documentOf(deps, to)) };
    },
  );
  addPolicyWrites(app, deps);
}

function addPolicyWrites(app: App, deps: ServerDeps): void {
  const response = { 200: digestSchema, ...WRITE_PROBLEMS };
  app.post(
    '/api/policies/check',
    {
      config: { access: { operation: 'policy.check', scope: 'read' } },
      schema: { tags, summary: 'Says what is wrong with a document, with path and cure', body: policyTextBody, response },
    },
    (request) => ({ digest: policyDigest(parsed(deps, request.body.text)) }),
  );
  app.post(
    '/api/policies',
    {
      config: { access: { operation: 'policy.activate', scope: 'write' } },
      schema: {
        tags,
        summary: 'New cases pin this version from now on; open ones keep theirs. The same document is the same version.',
        body: policyTextBody,
        response,
      },
    },
    async (request) => ({ digest: await storePolicy(work(deps.engine), parsed(deps, request.body.text), deps.clock.now()) }),
  );
}

interface PolicyTrouble {
  readonly problems: readonly { readonly path: string; readonly message: string; readonly cure: string }[];
}

function parsed(deps: ServerDeps, text: string): PolicyDocument {
  try {
    return deps.parsePolicy(text);
  } catch (error) {
    const { problems } = error as Partial<PolicyTrouble>;
    if (problems === undefined) throw error;
    return refuse('bad-request', {
      detail: 'The document is not a valid policy.',
      cure: problems[0]?.cure ?? '',
      places: problems.map(({ path, message, cure }) => ({ place: path, message: `${message}; ${cure}` })),
    });
  }
}

async function linesOf(deps: ServerDeps) {
  const rows = await policiesOf(work(deps.engine));
  const now = deps.clock.now();
  const current = rows.find((row) => row.since <= now)?.digest;
  return rows.map(({ digest, name, version, since }) => ({ digest, name, version, since, isInForce: digest === current }));
}

async function documentOf(deps: ServerDeps, digest: string): Promise<Record<string, unknown>> {
  const row = digest.includes('\u0000') ? null : await policyDocument(work(deps.engine), digest);
  if (row === null) refuse('not-found');
  return row.document;
}
