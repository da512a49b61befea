import { createServer } from 'node:http';
import { LOOPBACK, boundPort } from '../../embedded/ports.ts';

/** A thing that a run has once: what its users are told (an address, a path), and how it ends. */
export interface Shared {
  readonly told: string;
  stop(): Promise<void>;
}

/** Things that the test processes of a run share. Each starts when the first asks for it, and all end with the run. */
export interface OnDemand {
  /** Where to ask: `GET /NAME` is answered with what the users of NAME are told. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Serves the things by name. A start that failed is told to everybody who asked for it; whoever asks next tries again. */
export async function serveOnDemand(starts: Readonly<Record<string, () => Promise<Shared>>>): Promise<OnDemand> {
  const running = new Map<string, Promise<Shared>>();
  const startOnce = (name: string): Promise<Shared> => {
    const known = running.get(name);
    if (known !== undefined) return known;
    const start = starts[name];
    const starting = start === undefined ? Promise.reject(new Error(`nothing is called "${name}"`)) : start();
    running.set(name, starting);
    starting.catch(() => running.delete(name));
    return starting;
  };
  const server = createServer((request, response) => {
    startOnce((request.url ?? '').slice(1)).then(
      ({ told }) => response.end(told),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, LOOPBACK, resolve));
  return {
    url: `http://${LOOPBACK}:${boundPort(server)}`,
    stop: async () => {
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
      await Promise.all([...running.values()].map(async (one) => (await one).stop()));
    },
  };
}

/** What the users of the named thing are told. Throws with the words of the start that failed. */
export async function askFor(url: string, name: string): Promise<string> {
  const reply = await fetch(`${url}/${name}`);
  const text = await reply.text();
  if (!reply.ok) throw new Error(`${name} cannot be had: ${text}`);
  return text;
}
