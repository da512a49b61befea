import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { canonical, sha256Hex } from '../../domain/canonical.ts';
import { inTransaction } from './database.ts';
import { type Target, takeFault } from './faults.ts';
import type { Answer } from './listings.ts';
import { type EffectRequest, note, once } from './requests.ts';
import type { Fault, Operation } from './schemas.ts';

/** What every handler needs. */
export interface Market {
  readonly db: DatabaseSync;
  /** The marketplace's own clock, as an ISO 8601 instant. */
  readonly now: () => string;
  /** Ends the waiting of stalled requests when the marketplace stops. */
  readonly closing: AbortSignal;
}

const keySchema = z.string().min(1).max(500);

/** Sends an answer. */
export function send(reply: FastifyReply, answer: Answer): FastifyReply {
  return reply.status(answer.status).send(answer.body);
}

/** Reads something; only faults stand before it. */
export async function look(market: Market, request: FastifyRequest, reply: FastifyReply, target: Target, read: () => Answer): Promise<FastifyReply> {
  return (await faulted(market, request, reply, 'capture', target)) ?? send(reply, read());
}

/** The reply that a scripted fault gives in place of what was asked for, if one stands before it. */
export async function faulted(
  market: Market,
  request: FastifyRequest,
  reply: FastifyReply,
  operation: Operation,
  target: Target,
): Promise<FastifyReply | undefined> {
  const fault = inTransaction(market.db, () => takeFault(market.db, operation, target));
  if (fault !== undefined && refuses(fault)) return sendFault(reply, fault);
  await stall(market, fault);
  return fault?.kind === 'lost-reply' ? loseReply(request, reply) : undefined;
}

/** How an effect is asked for. */
export interface EffectRoute<T> {
  readonly operation: Operation;
  readonly target: Target;
  readonly body: z.ZodType<T>;
  readonly effect: (at: string, body: T) => Answer;
}

/**
 * Has an effect once per Idempotency-Key. A stalled request is served when its time is over, even if the caller has
 * left by then: that is what a caller has to reckon with.
 */
export async function act<T>(market: Market, request: FastifyRequest, reply: FastifyReply, route: EffectRoute<T>): Promise<FastifyReply> {
  const key = keySchema.safeParse(request.headers['idempotency-key']);
  if (!key.success)
    return send(reply, {
      status: 400,
      body: { code: 'idempotency-key-missing', message: 'The header Idempotency-Key is missing.' },
    });
  const body = route.body.parse(request.body);
  const effect: EffectRequest = {
    ...route.target,
    at: market.now(),
    operation: route.operation,
    key: key.data,
    fingerprint: fingerprintOf(request),
  };
  const fault = inTransaction(market.db, () => takeFault(market.db, route.operation, route.target));
  if (fault !== undefined && refuses(fault)) {
    note(market.db, effect, 'faulted', fault.kind, undefined);
    return sendFault(reply, fault);
  }
  await stall(market, fault);
  const answer = inTransaction(market.db, () => {
    const done = once(market.db, effect, () => route.effect(market.now(), body));
    note(market.db, effect, done.outcome, fault?.kind, done.answer);
    return done.answer;
  });
  return fault?.kind === 'lost-reply' ? loseReply(request, reply) : send(reply, answer);
}

function fingerprintOf(request: FastifyRequest): string {
  return sha256Hex(canonical({ method: request.method, path: request.url, body: request.body ?? null }));
}

function refuses(fault: Fault): boolean {
  return fault.kind === '429' || fault.kind === '503' || fault.kind === '409';
}

const FAULT_ANSWERS = {
  '429': { status: 429, body: { code: 'too-many-requests', message: 'Too many requests.' } },
  '503': { status: 503, body: { code: 'unavailable', message: 'Not available at the moment.' } },
  '409': { status: 409, body: { code: 'conflict', message: 'Another request is changing this at the moment.' } },
} as const;

function sendFault(reply: FastifyReply, fault: Fault): FastifyReply {
  const seconds = fault.retryAfterSeconds ?? (fault.kind === '429' ? 1 : undefined);
  if (seconds !== undefined) reply.header('retry-after', String(seconds));
  if (fault.kind === 'stall' || fault.kind === 'lost-reply') throw new TypeError(`${fault.kind} is not an answer`);
  return send(reply, FAULT_ANSWERS[fault.kind]);
}

async function stall(market: Market, fault: Fault | undefined): Promise<void> {
  if (fault?.kind === 'stall') await pause(fault.stallMs, undefined, { signal: market.closing });
}

/** Everything is done; the caller never hears of it. */
function loseReply(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply.hijack();
  request.raw.socket.destroy();
  return reply;
}
