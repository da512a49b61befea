import { type ActivityFailure, marketplaceRejected, marketplaceUnavailable, NoReplyInTime } from './failures.ts';

/** How requests are sent: by whom, and how long one may take, body included. */
export interface HttpOptions {
  readonly fetch: typeof fetch;
  readonly timeoutMs: number;
}

export interface HttpRequest {
  readonly url: URL;
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Most bytes of the body that are read. */
  readonly limit: number;
}

/** A reply; `body` is absent when it is larger than the limit. */
export interface HttpReply {
  readonly status: number;
  readonly headers: Headers;
  readonly body?: Uint8Array;
}

/**
 * Sends one request and reads the whole reply within the time allowed. Redirects are not followed: where a reply points is
 * not ours to choose.
 * @throws ActivityFailure `marketplace-unavailable` for network trouble and timeouts; the caller's abort reason as it is
 */
export async function exchange(options: HttpOptions, request: HttpRequest, signal?: AbortSignal): Promise<HttpReply> {
  const timeout = AbortSignal.timeout(options.timeoutMs);
  try {
    const response = await options.fetch(request.url, {
      method: request.method,
      redirect: 'manual',
      // Bytes as they are served: what the vault keeps is not a re-coding.
      headers: { 'accept-encoding': 'identity', ...request.headers },
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
      ...(request.body !== undefined && { body: request.body }),
    });
    const body = await readUpTo(response, request.limit);
    return { status: response.status, headers: response.headers, ...(body !== undefined && { body }) };
  } catch (error) {
    if (signal?.aborted === true) throw signal.reason;
    if (timeout.aborted) throw new NoReplyInTime(options.timeoutMs);
    throw marketplaceUnavailable(networkCode(error));
  }
}

async function readUpTo(response: Response, limit: number): Promise<Uint8Array | undefined> {
  if (response.body === null) return new Uint8Array();
  const reader = response.body.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(chunks, length);
    chunks.push(value);
    length += value.length;
    if (length > limit) {
      await reader.cancel();
      return undefined;
    }
  }
}

/** The system's code (`ECONNREFUSED`) lies under fetch's own words. */
function networkCode(error: unknown): string {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && typeof cause.code === 'string') return `network: ${cause.code}`;
  }
  return 'network: the request failed';
}

/** Statuses of the 4xx range that pass by themselves: timeout, too early, too many requests. */
const PASSING: ReadonlySet<number> = new Set([408, 425, 429]);

/** The failure that a reply stands for which is none of the answers known to the caller. */
export function troubleOf(reply: HttpReply, code: string | undefined, message: string): ActivityFailure {
  if (reply.status >= 500 || PASSING.has(reply.status)) return marketplaceUnavailable(`status ${reply.status}`, retryAfterMs(reply.headers));
  // A 2xx of another form may come from something in between: asking again with the same key is safe.
  if (reply.status < 300) return marketplaceUnavailable(`status ${reply.status}, but the reply is not understood`);
  return marketplaceRejected(code ?? `status-${reply.status}`, message);
}

/** `Retry-After` in seconds or as a date (RFC 9110 section 10.2.3), in milliseconds from now; machine time. */
function retryAfterMs(headers: Headers): number | undefined {
  const text = headers.get('retry-after')?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.now());
}
