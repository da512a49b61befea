import { randomInt } from 'node:crypto';
import { connect, createServer, type Server } from 'node:net';
import { EmbeddedError, EmbeddedProblem } from './embedded-error.ts';

/** Loopback: the embedded parts serve this machine only. */
export const LOOPBACK = '127.0.0.1';

/** Below the range that Linux hands out to outgoing connections, so that nobody takes a port while the stack is down. */
const RANGE = { first: 20_000, last: 32_000 } as const;
const TRIES = 100;

/** The first of `count` consecutive ports that are all free now. */
export async function freeBasePort(count: number): Promise<number> {
  for (let tried = 0; tried < TRIES; tried += 1) {
    const base = randomInt(RANGE.first, RANGE.last - count);
    if (await areFree(base, count)) return base;
  }
  throw new EmbeddedError(
    EmbeddedProblem.portInUse,
    `No ${count} free ports in a row were found from ${RANGE.first} to ${RANGE.last}.`,
    'Choose a range with --port.',
  );
}

/** Whether nobody listens on any of the ports. */
export async function areFree(base: number, count: number): Promise<boolean> {
  for (let port = base; port < base + count; port += 1) {
    const isFree = await requireFreePort(port, '').then(
      () => true,
      () => false,
    );
    if (!isFree) return false;
  }
  return true;
}

/** The port that a listening server has. */
export function boundPort(server: Server): number {
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new TypeError('the server listens on no port');
  return address.port;
}

/** @throws EmbeddedError `port-in-use` where something listens on the port already. */
export async function requireFreePort(port: number, part: string): Promise<void> {
  try {
    await listen(port);
  } catch (error) {
    throw portProblem(error, port, part);
  }
}

/** Whether somebody answers on the loopback port. */
export function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, LOOPBACK);
    const tell = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => tell(true)).once('error', () => tell(false));
  });
}

/** Words for an error of `listen`; any other error is returned as it is. */
export function portProblem(error: unknown, port: number, part: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  if (code !== 'EADDRINUSE' && code !== 'EACCES') return error;
  const why = code === 'EACCES' ? 'may not be used by this user' : 'is in use by another process';
  return new EmbeddedError(
    EmbeddedProblem.portInUse,
    `Port ${port}, meant for ${part}, ${why}.`,
    'Stop what uses it, or choose another range with --port.',
    error,
  );
}

function listen(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, LOOPBACK, () => server.close(() => resolve()));
  });
}
