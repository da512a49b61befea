import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { problemSchema } from '../../api/schemas/basics.ts';
import { open, sealedCase } from '../store/support.ts';
import { pick, type Random, type Schema, seeded, valueFor } from './fuzz-data.ts';
import { type Caller, type TestApi, openReferral, PEOPLE, startApi } from './support.ts';

const SEED = 20_251_001;
/** Requests to every operation. */
const EACH = 30;

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: Schema;
}
interface Answer {
  readonly content?: Readonly<Record<string, { readonly schema?: Schema }>>;
}
interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly responses: Readonly<Record<string, Answer>>;
}
interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

let api: TestApi;
let document: Document;
let callers: readonly Caller[];
let known: readonly string[];

beforeAll(async () => {
  api = await startApi();
  const sealed = await sealedCase(api.db, { listing: 'm:fuzz' });
  api.db.clock.pass(30 * 86_400_000);
  const referral = await openReferral(api, 'S-1', 'police-de');
  const live = await open(api.db, { listing: 'm:live' });
  document = (await api.app.inject({ method: 'GET', url: '/api/openapi.json' })).json<Document>();
  callers = await Promise.all([PEOPLE.governance, PEOPLE['rights-holder'], PEOPLE.seller, PEOPLE.auditor, PEOPLE.liaison].map((who) => api.as(who)));
  known = [
    sealed,
    live,
    referral,
    'police-de',
    'E-1',
    'EUR',
    '12.50',
    'm:fuzz',
    'org-a',
    'S-1',
    'm',
    '2025-10-01T09:00:00Z',
    `sha256:${'a'.repeat(64)}`,
    'packaging',
    'awaiting-confirmation',
  ];
}, 60_000);
afterAll(() => api.close());

/** Every reference replaced by what it names: the document has no circles. */
function inlined(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(inlined);
  if (typeof node !== 'object' || node === null) return node;
  if ('$ref' in node && typeof node.$ref === 'string') return inlined(document.components.schemas[node.$ref.split('/').at(-1) ?? '']);
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, inlined(value)]));
}

const compiled = new Map<Schema, z.ZodType>();
function checkerOf(schema: Schema): z.ZodType {
  const made = compiled.get(schema) ?? z.fromJSONSchema(inlined(schema) as Parameters<typeof z.fromJSONSchema>[0]);
  compiled.set(schema, made);
  return made;
}

function operations(): readonly (readonly [path: string, method: string, operation: Operation])[] {
  // A stream of events does not end.
  const paths = Object.entries(document.paths).filter(([path]) => path !== '/api/live');
  const all = paths.flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => [path, method, operation] as const));
  // Signing out comes last: the others want to be signed in.
  return all.sort(([a], [b]) => Number(a === '/api/session') - Number(b === '/api/session'));
}

function requestFor(random: Random, path: string, { parameters = [], requestBody }: Operation) {
  let url = path;
  const query: string[] = [];
  const headers: Record<string, string> = {};
  for (const { name, in: part, required, schema } of parameters) {
    if (part !== 'path' && required !== true && random() < 0.6) continue;
    const value = valueFor(random, inlined(schema) as Schema, known);
    const text = typeof value === 'string' ? value.toWellFormed() : JSON.stringify(value);
    if (part === 'path') url = url.replace(`{${name}}`, encodeURIComponent(text === '' ? '-' : text));
    else if (part === 'query') query.push(`${encodeURIComponent(name)}=${random() < 0.95 ? encodeURIComponent(text) : '%zz'}`);
    else headers[name] = random() < 0.9 ? `fuzz-key-${Math.floor(random() * 1e9)}` : 'x';
  }
  const [type, content] = Object.entries(requestBody?.content ?? {})[0] ?? [];
  const payload = content === undefined ? undefined : JSON.stringify(valueFor(random, inlined(content.schema) as Schema, known));
  const sent = type !== undefined && random() < 0.05 ? 'text/plain' : type;
  return {
    url: query.length === 0 ? url : `${url}?${query.join('&')}`,
    headers: { ...headers, ...(sent !== undefined && { 'content-type': sent }) },
    payload,
  };
}

/** What is wrong with an answer by the document, if anything. */
function faultOf(operation: Operation, status: number, type: string, body: string): string | undefined {
  if (status >= 500) return 'a fault';
  const documented = operation.responses[String(status)];
  if (documented === undefined) return 'an undocumented status';
  if (body === '') return undefined;
  const content = Object.entries(documented.content ?? {}).find(
    ([name]) => name === type || (name.endsWith('/*') && type.startsWith(name.slice(0, -1))),
  )?.[1];
  if (content === undefined) return `an undocumented type ${type}`;
  if (type === 'application/problem+json' && !problemSchema.safeParse(JSON.parse(body)).success) return 'no problem document';
  if (content.schema === undefined || type !== 'application/json') return undefined;
  const { error } = checkerOf(content.schema).safeParse(JSON.parse(body));
  return error === undefined ? undefined : `a broken schema (${error.issues[0]?.path.join('.') ?? ''} ${error.issues[0]?.message ?? ''})`;
}

describe('the API document', () => {
  it('is OpenAPI 3.1, describes every operation, and every place that can refuse says how', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(operations().length).toBeGreaterThan(40);
    for (const [path, method, operation] of operations()) {
      const statuses = Object.keys(operation.responses);
      expect(statuses, `${method} ${path}`).toContain('429');
      if (!['/api/openapi.json', '/api/calendar/{file}'].includes(path) && !path.startsWith('/api/sign-in'))
        expect(statuses, `${method} ${path}`).toEqual(expect.arrayContaining(['401', '403']));
    }
  });

  it(`holds for ${EACH} made-up requests to every operation, seed ${SEED}: no fault, no undocumented answer, no broken schema`, async () => {
    const random = seeded(SEED);
    const faults: string[] = [];
    const statuses = new Map<number, number>();
    for (const [path, method, operation] of operations()) {
      for (let n = 0; n < EACH; n += 1) {
        const { url, headers, payload } = requestFor(random, path, operation);
        const caller = pick(random, callers);
        const own = random() < 0.95 && caller !== undefined ? { cookie: caller.cookie, 'x-csrf-token': caller.csrf } : {};
        const answer = await api.app.inject({
          method: method.toUpperCase() as 'GET',
          url,
          headers: { ...own, ...headers },
          ...(payload !== undefined && { payload }),
        });
        statuses.set(answer.statusCode, (statuses.get(answer.statusCode) ?? 0) + 1);
        const wrong = faultOf(operation, answer.statusCode, String(answer.headers['content-type'] ?? '').split(';')[0] ?? '', answer.body);
        if (wrong !== undefined)
          faults.push(
            `${wrong}: ${method} ${url.slice(0, 200)} ${(payload ?? '').slice(0, 200)} => ${answer.statusCode} ${answer.body.slice(0, 200)}`,
          );
      }
    }
    expect(faults).toEqual([]);
    // A fuzzer that is always refused proves little.
    for (const status of [200, 400, 401, 403, 404]) expect(statuses.get(status) ?? 0, `answers ${status}`).toBeGreaterThan(10);
  }, 120_000);
});
