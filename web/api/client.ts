import type { z } from 'zod';
import type { problemSchema } from '../../api/schemas/basics.ts';
import type { AnswerBody } from '../../api/schemas/messages.ts';

type ProblemBody = z.output<typeof problemSchema>;

/** What the server refused, in its words; `id` is what to quote. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly cure: string;
  readonly id: string;
  readonly places: readonly { readonly place: string; readonly message: string }[];

  constructor({ status, code, detail, cure, instance, places }: ProblemBody) {
    super(detail);
    this.name = 'ApiProblem';
    this.status = status;
    this.code = code;
    this.cure = cure;
    this.id = instance;
    this.places = places ?? [];
  }
}

/** Whether nobody refused anything: something of ours failed. */
export function isFault(error: Error): error is ApiProblem {
  return error instanceof ApiProblem && error.status >= FAULT;
}

/** The server could not be reached: nothing is known of what became of the request. */
export class Unreachable extends Error {
  constructor() {
    super('unreachable');
    this.name = 'Unreachable';
  }
}

let csrf = '';

/** Keeps the token that writes carry. */
export function keepCsrf(token: string | null): void {
  csrf = token ?? '';
}

/** Reads a JSON document. Throws `ApiProblem` or `Unreachable`. */
export async function read<T>(path: string, signal?: AbortSignal): Promise<T> {
  const response = await ask(path, { ...(signal && { signal }) });
  return (await response.json()) as T;
}

/** Sends a body without a message id: claims, sign-in, documents to check. */
export async function send<T>(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<T | undefined> {
  const response = await ask(path, {
    method,
    headers: { 'x-csrf-token': csrf, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    keepalive: true,
  });
  const text = await response.text();
  return text === '' ? undefined : (JSON.parse(text) as T);
}

/** Sends a message under its id; sending it again under the same id changes nothing. */
async function sendMessage(path: string, body: unknown, messageId: string): Promise<AnswerBody> {
  const headers = { 'x-csrf-token': csrf, 'content-type': 'application/json', 'idempotency-key': messageId };
  const response = await ask(path, { method: 'POST', headers, body: JSON.stringify(body), keepalive: true });
  return (await response.json()) as AnswerBody;
}

const FIRST_LOOK_MS = 1_000;
const SLOWEST_LOOK_MS = 10_000;

/**
 * Sends a message and, where it is only accepted, waits until the log has decided it; `onPending` is called once then.
 * Throws `ApiProblem` with the refusal, `Unreachable` only where it is not known to have arrived.
 */
export async function sendAndFollow(path: string, body: unknown, messageId: string, onPending: () => void): Promise<AnswerBody> {
  let answer = await sendMessage(path, body, messageId);
  if (answer.state === 'pending') onPending();
  for (let wait = FIRST_LOOK_MS; answer.state === 'pending'; wait = Math.min(wait * 2, SLOWEST_LOOK_MS)) {
    await new Promise((resolve) => setTimeout(resolve, wait));
    answer = (await answerOf(messageId)) ?? answer;
  }
  if (answer.state === 'done') return answer;
  // What the log could not decide is no refusal: nobody said no.
  if (answer.refused === null) throw new ApiProblem({ type: '', title: '', status: FAULT, code: 'fault', detail: '', cure: '', instance: messageId });
  const { code, message, cure } = answer.refused;
  throw new ApiProblem({ type: '', title: '', status: REFUSED, code, detail: message, cure, instance: messageId });
}

const REFUSED = 422;
const FAULT = 500;

/** What became of a message; undefined while that cannot be read. It was accepted: asking again loses nothing. */
async function answerOf(messageId: string): Promise<AnswerBody | undefined> {
  try {
    return await read<AnswerBody>(`/api/messages/${encodeURIComponent(messageId)}`);
  } catch (error) {
    if (error instanceof Unreachable || (error instanceof ApiProblem && (error.status === 429 || error.status >= 500))) return undefined;
    throw error;
  }
}

/** A fresh message id. */
export function freshId(): string {
  return `web-${crypto.randomUUID()}`;
}

async function ask(path: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, { ...init, headers: { accept: 'application/json', ...init.headers } });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Unreachable();
  }
  if (response.ok) return response;
  throw new ApiProblem(await problemOf(response));
}

async function problemOf(response: Response): Promise<ProblemBody> {
  const isProblem = response.headers.get('content-type')?.includes('json') === true;
  if (isProblem) return (await response.json()) as ProblemBody;
  const id = response.headers.get('x-request-id') ?? '';
  return { type: '', title: '', status: response.status, code: 'unavailable', detail: `HTTP ${response.status}`, cure: '', instance: id };
}
