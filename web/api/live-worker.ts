import { LiveHub } from './live-hub.ts';

/** What a tab says when it goes: a port does not tell by itself that nobody is left behind it. */
const GONE = 'gone';

const hub = new LiveHub(() => new EventSource('/api/live'));

// One of these runs for all tabs of a reader. What a tab gets is what `join` tells.
addEventListener('connect', (event) => {
  const [port] = event instanceof MessageEvent ? event.ports : [];
  if (port === undefined) return;
  const leave = hub.join((told) => port.postMessage(told));
  port.addEventListener('message', ({ data }) => {
    if (data !== GONE) return;
    leave();
    port.close();
  });
  port.start();
});
