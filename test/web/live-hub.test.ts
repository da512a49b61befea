import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LiveHub, type Source, type Told } from '../../web/api/live-hub.ts';

class FakeSource extends EventTarget implements Source {
  readyState = 0;
  close(): void {
    this.readyState = 2;
  }
  say(type: string, data?: unknown): void {
    if (type === 'open') this.readyState = 1;
    this.dispatchEvent(data === undefined ? new Event(type) : new MessageEvent(type, { data: JSON.stringify(data) }));
  }
}

let opened: FakeSource[] = [];
const aHub = () =>
  new LiveHub(() => {
    const source = new FakeSource();
    opened.push(source);
    return source;
  });
const aTab = (hub: LiveHub) => {
  const heard: Told[] = [];
  return { heard, leave: hub.join((told) => void heard.push(told)) };
};

beforeEach(() => {
  opened = [];
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

describe('one stream for all tabs', () => {
  it('is opened once, tells everybody, and a tab that comes late at once how it stands', () => {
    const hub = aHub();
    const tabs = [aTab(hub), aTab(hub)];
    opened[0]?.say('open');
    const late = aTab(hub);
    opened[0]?.say('change', { id: 'case:1', n: 1, status: 'x' });
    opened[0]?.say('reset', {});
    const all = [{ kind: 'open' }, { kind: 'change', id: 'case:1', n: 1 }, { kind: 'reset' }];
    for (const { heard } of [...tabs, late]) expect(heard).toEqual(all);
    expect(opened).toHaveLength(1);
  });

  it('ends with its last tab, and begins anew with the next', () => {
    const hub = aHub();
    const [one, two] = [aTab(hub), aTab(hub)];
    opened[0]?.say('open');
    one.leave();
    expect(opened[0]?.readyState).toBe(1);
    two.leave();
    expect(opened[0]?.readyState).toBe(2);
    const three = aTab(hub);
    expect([opened.length, three.heard]).toEqual([2, []]);
  });

  it('that is lost says so, and comes back by itself', () => {
    const hub = aHub();
    const { heard } = aTab(hub);
    const [source] = opened;
    source?.say('open');
    if (source !== undefined) source.readyState = 0;
    source?.say('error');
    source?.say('open');
    expect(heard.map(({ kind }) => kind)).toEqual(['open', 'lost', 'open']);
    vi.advanceTimersByTime(60_000);
    expect(opened).toHaveLength(1);
  });

  it('that was refused is asked for again, by time or by a new tab, and what was missed is told', () => {
    const hub = aHub();
    const { heard, leave } = aTab(hub);
    const refuse = () => {
      opened.at(-1)?.close();
      opened.at(-1)?.say('error');
    };
    refuse();
    vi.advanceTimersByTime(15_000);
    opened[1]?.say('open');
    expect([opened.length, heard.map(({ kind }) => kind)]).toEqual([2, ['lost', 'open', 'reset']]);
    refuse();
    const other = aTab(hub);
    expect(opened).toHaveLength(3);
    opened[2]?.say('open');
    vi.advanceTimersByTime(60_000);
    expect([opened.length, heard.at(-1), other.heard.map(({ kind }) => kind)]).toEqual([3, { kind: 'reset' }, ['open', 'reset']]);
    leave();
    other.leave();
    vi.advanceTimersByTime(60_000);
    expect(opened).toHaveLength(3);
  });
});
