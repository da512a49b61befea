import { connect, createServer } from 'node:net';
import { EmbeddedError, EmbeddedProblem } from './embedded-error.ts';

/** Loopback: the embedded parts serve this machine only. */
export const LOOPBACK = '127.0.0.1';

/** Ports that the system calls free, all different, because all are held until the last is known. */
export async function freePorts(count: number): Promise<number[]> {
  const held = await Promise.all(Array.from({ length: count }, () => listen(0)));
  return Promise.all(held.map(async ({ port, close }) => close().then(() => port)));
}

/** @throws EmbeddedError `port-in-use` where something listens on the port already. */
export async function requireFreePort(port: number, part: string): Promise<void> {
  try {
    const { close } = await listen(port);
    await close();
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
  return new EmbeddedError(EmbeddedProblem.portInUse, `Port ${port}, meant for ${part}, ${why}.`, 'Stop what uses it, or choose another range with --port.', error);
}

function listen(port: number): Promise<{ port: number; close(): Promise<void> }> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, LOOPBACK, () => {
      const address = server.address();
      const bound = typeof address === 'object' && address !== null ? address.port : port;
      resolve({ port: bound, close: () => new Promise((done) => server.close(() => done())) });
    });
  });
}
