import { LiveHub, type Told } from './live-hub.ts';
import LiveWorker from './live-worker.ts?sharedworker';

/**
 * Follows the server's changes for a reader over the one stream that all tabs of the browser share; where a browser has no shared
 * workers, or refuses this one, over a stream of the tab's own. The worker has the reader in its name: who signs in after somebody
 * else gets another one. Returns how to stop.
 */
export function followLive(who: string, hear: (told: Told) => void): () => void {
  let leave = typeof SharedWorker === 'undefined' ? alone(hear) : joined(who, hear, instead);
  function instead(): void {
    leave = alone(hear);
  }
  const gone = () => leave();
  // A page that the browser keeps for the way back is no listener meanwhile.
  const back = ({ persisted }: PageTransitionEvent) => {
    if (persisted) leave = typeof SharedWorker === 'undefined' ? alone(hear) : joined(who, hear, instead);
  };
  addEventListener('pagehide', gone);
  addEventListener('pageshow', back);
  return () => {
    removeEventListener('pagehide', gone);
    removeEventListener('pageshow', back);
    leave();
  };
}

function alone(hear: (told: Told) => void): () => void {
  return new LiveHub(() => new EventSource('/api/live')).join(hear);
}

function joined(who: string, hear: (told: Told) => void, refused: () => void): () => void {
  const worker = new LiveWorker({ name: `interdict live ${who}` });
  worker.addEventListener('error', refused, { once: true });
  worker.port.addEventListener('message', ({ data }: MessageEvent<Told>) => hear(data));
  worker.port.start();
  return () => {
    worker.port.postMessage('gone');
    worker.port.close();
  };
}
