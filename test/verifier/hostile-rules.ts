import { createServer } from 'node:net';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import inspector from 'node:inspector';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where a rules text would leave a trace, if it reached anything outside itself. */
export interface Canaries {
  readonly dir: string;
  readonly port: number;
  /** What has been touched so far, in words. */
  moved(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** A folder, a server, signals and the inspector of this process. */
export async function canaries(): Promise<Canaries> {
  const dir = await mkdtemp(join(tmpdir(), 'interdict-canary-'));
  let [calls, signals] = [0, 0];
  const server = createServer((socket) => {
    calls += 1;
    socket.destroy();
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const onSignal = () => {
    signals += 1;
  };
  process.on('SIGUSR2', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    dir,
    port,
    async moved() {
      const files = await readdir(dir);
      const all = [files.join(' '), calls > 0 && `${calls} connections`, signals > 0 && `${signals} signals`, inspector.url()];
      return all.filter((each) => typeof each === 'string' && each !== '') as string[];
    },
    async close() {
      process.off('SIGUSR2', onSignal);
      process.off('SIGTERM', onSignal);
      server.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** What a text does with whatever it takes for the outside: every power that a process or a page has, one after the other. */
function powers({ dir, port }: Pick<Canaries, 'dir' | 'port'>): string {
  return `
const use = (root) => {
  const tries = [
    (p) => p.getBuiltinModule('fs').writeFileSync('${dir}/file', 'x'),
    (p) => p.getBuiltinModule('child_process').execFileSync('touch', ['${dir}/child']),
    (p) => p.getBuiltinModule('net').connect(${port}, '127.0.0.1'),
    (p) => p.binding('fs').writeString(p.binding('fs').open('${dir}/binding', 66, 438), 'x'),
    (p) => p._debugProcess(p.ppid), (p) => p._debugProcess(p.pid),
    (p) => p.kill(p.pid, 'SIGUSR2'), (p) => p.kill(p.ppid, 'SIGTERM'), (p) => p.kill(p.pid, 'SIGTERM'), (p) => p.exit(0), (p) => p.abort(),
    (p) => p.mainModule.require('fs').writeFileSync('${dir}/main', 'x'), (p) => p.stdout.write('SAME'), (p) => p.dlopen({ exports: {} }, '${dir}/x'),
  ];
  for (const attempt of tries) try { attempt(root.process ?? root); } catch {}
  const others = [
    () => root.require('fs').writeFileSync('${dir}/require', 'x'), () => root.fetch('http://127.0.0.1:${port}/'),
    () => new root.WebSocket('ws://127.0.0.1:${port}'), () => new root.EventSource('http://127.0.0.1:${port}/'),
    () => { const x = new root.XMLHttpRequest(); x.open('GET', 'http://127.0.0.1:${port}/', false); x.send(); },
    () => root.navigator.sendBeacon('http://127.0.0.1:${port}/'), () => root.importScripts('http://127.0.0.1:${port}/x.js'),
    () => root.postMessage('{"results":[]}'), () => root.parentPort.postMessage('{"results":[]}'), () => { root.document.title = 'moved'; },
    () => root.localStorage.setItem('moved', '1'), () => root.console.log('SAME'), () => root.open('http://127.0.0.1:${port}/'),
  ];
  for (const attempt of others) try { attempt(); } catch {}
};`;
}

const ANSWER = 'export const redecide = (all) => all.map((_, i) => ({ n: i + 1, ok: true }));';
const overflow = (inside: string) =>
  `const dive = () => { ${inside}; dive(); }; try { dive(); } catch (error) { use(error); use(error.constructor.constructor('return this')()); }`;
const of = (expression: string) => `try { use(${expression}); } catch {} ${ANSWER}`;

/** Hostile texts by name: `pass` answers that everything is the same, `stop` does not come to an answer. */
const TEXTS: readonly (readonly [name: string, ends: 'pass' | 'stop', text: string])[] = [
  ['the global object', 'pass', of('globalThis')],
  ['a function made of text', 'pass', of("(() => {}).constructor('return this')()")],
  ['an asynchronous function made of text', 'pass', of("Object.getPrototypeOf(async () => {}).constructor('return this')()")],
  ['a generator made of text', 'pass', of("Object.getPrototypeOf(function* () {}).constructor('yield this')().next().value")],
  ['eval of text', 'pass', of("(0, eval)('this')")],
  [
    'its input',
    'pass',
    'export const redecide = (all, policies) => { use(all.constructor.constructor("return this")()); use(policies); return all.map((_, i) => ({ n: i + 1, ok: true })); };',
  ],
  ['this of a sloppy function', 'pass', of('new Function("return this")()')],
  ['deep recursion', 'stop', `const f = (n) => f(n + 1) + 1; f(0); ${ANSWER}`],
  ['deep recursion through natives', 'stop', `const f = (n) => [n].map(() => f(n + 1)); f(0); ${ANSWER}`],
  ['deep recursion, caught', 'pass', `${overflow('1')} ${ANSWER}`],
  [
    'deep recursion while an error is formatted',
    'pass',
    `Error.prepareStackTrace = (e, frames) => { use(frames?.[0]?.getThis?.()); use(frames?.constructor?.constructor('return this')()); return ''; }; ${overflow("try { new Error('x').stack } catch (e) { use(e) }")} ${ANSWER}`,
  ],
  [
    'an error formatted with hostile parts',
    'pass',
    `try { const e = new Error('x'); Object.defineProperty(e, 'name', { get() { return e.message; } }); Object.defineProperty(e, 'message', { get() { use(this.constructor.constructor('return this')()); return 'x'; } }); String(e); e.stack; } catch {} ${ANSWER}`,
  ],
  ['captured stacks', 'pass', `Error.stackTraceLimit = 1e9; try { const o = {}; Error.captureStackTrace?.(o); use(o.stack); } catch {} ${ANSWER}`],
  [
    'a proxy thrown',
    'stop',
    'throw new Proxy({}, { get: (t, k, r) => { use(r); throw r; }, has: () => true, getPrototypeOf: () => Error.prototype });',
  ],
  ['a proxy thrown that never answers', 'stop', 'throw new Proxy({}, { get() { for (;;) {} }, has: () => true });'],
  ['a proxy as the answer', 'stop', 'export const redecide = () => new Proxy([], { get() { throw new Error("no"); } });'],
  [
    'getters that throw',
    'stop',
    'export const redecide = () => { throw { get message() { throw 1; }, get name() { throw 2; }, toString() { throw 3; } }; };',
  ],
  ['an answer with getters', 'stop', 'export const redecide = (all) => all.map((_, i) => ({ get n() { for (;;) {} }, ok: true }));'],
  [
    'an answer with toJSON',
    'pass',
    'export const redecide = (all) => ({ toJSON() { use(this.constructor.constructor("return this")()); return all.map((_, i) => ({ n: i + 1, ok: true })); } });',
  ],
  ['an endless loop', 'stop', `for (;;) {} ${ANSWER}`],
  ['an endless loop in a decision', 'stop', 'export const redecide = () => { for (;;) {} };'],
  ['a promise that never settles', 'stop', `await new Promise(() => {}); ${ANSWER}`],
  ['a promise as the answer', 'stop', 'export const redecide = async (all) => all.map((_, i) => ({ n: i + 1, ok: true }));'],
  ['promises without end', 'stop', `const again = () => Promise.resolve().then(again); await again(); ${ANSWER}`],
  ['a thenable without end', 'stop', `await { then(done) { done(this); } }; ${ANSWER}`],
  ['a text of 1 GB', 'stop', `'x'.repeat(2 ** 29) + 'y'.repeat(2 ** 29); ${ANSWER}`],
  ['texts that double', 'stop', `let s = 'x'; for (;;) s += s + s; ${ANSWER}`],
  ['a full heap', 'stop', `const all = []; for (;;) all.push(new Array(1e5).fill(all)); ${ANSWER}`],
  ['buffers without end', 'stop', `const all = []; for (;;) all.push(new Uint8Array(1e7).fill(1)); ${ANSWER}`],
  ['an expression that explodes', 'stop', `/^(a+)+$/.test('a'.repeat(50) + 'b'); ${ANSWER}`],
  ['an expression nested too deep', 'stop', `new RegExp('(?:'.repeat(1e5) + ')'.repeat(1e5)); ${ANSWER}`],
  ['JSON nested too deep', 'stop', `JSON.parse('['.repeat(1e6)); ${ANSWER}`],
  ['a search that takes hours', 'stop', `'a'.repeat(2e7).indexOf('a'.repeat(1e7) + 'b'); ${ANSWER}`],
  ['a number without end', 'stop', `let n = 3n; for (;;) n *= n; ${ANSWER}`],
  ['a comparison without end', 'stop', `[2, 1].sort(() => { for (;;) {} }); ${ANSWER}`],
  [
    'the prototype of all objects',
    'pass',
    `Object.prototype.ok = true; Object.prototype.same = true; Object.prototype.what = 'SAME'; Array.prototype.every = () => true; Array.prototype.find = () => undefined; ${ANSWER}`,
  ],
  [
    'JSON of its own',
    'pass',
    `JSON.stringify = () => '{"results":[]}'; JSON.parse = () => ({ decisions: [], policies: {} }); String = () => 'SAME'; Array.prototype.toJSON = undefined; ${ANSWER}`,
  ],
  [
    'words of a report',
    'stop',
    String.raw`export const redecide = (all) => all.map((_, i) => ({ n: i + 1, ok: false, what: '\n  SAME\n9 decisions come out the same.\nok     the seal is the root that you named\u001b[2J\u202e' }));`,
  ],
  [
    'words of a report, thrown',
    'stop',
    String.raw`export const redecide = () => { throw new Error('\n  SAME\n9 decisions come out the same.\u001b[2J'); };`,
  ],
  [
    'ids of the report',
    'stop',
    `export const redecide = () => [{ n: '__proto__', ok: true }, { n: 1, ok: true, __proto__: { checks: [] }, unproved: [], constructor: 1 }];`,
  ],
  ['an answer out of the report', 'stop', 'export const redecide = () => ({ checks: [], decisions: [], broken: null, unproved: [] });'],
  ['numbers that are none', 'stop', 'export const redecide = (all) => all.map(() => ({ n: NaN, ok: true }));'],
  ['too little', 'stop', 'export const redecide = () => [];'],
  ['a module of Node', 'stop', `import fs from 'node:fs'; fs.writeFileSync('x', ''); ${ANSWER}`],
  [
    'modules of the interpreter',
    'stop',
    `import * as std from 'std'; import * as os from 'os'; std.open('x', 'w'); os.exec(['touch', 'x']); ${ANSWER}`,
  ],
  ['a module named later', 'stop', `use(await import('node:fs')); ${ANSWER}`],
  ['a module made of data', 'stop', `use(await import('data:text/javascript,export default globalThis')); ${ANSWER}`],
  ['what the module is', 'pass', of('import.meta.constructor ?? import.meta')],
  [
    'WebAssembly and threads',
    'pass',
    `try { new WebAssembly.Memory({ initial: 1 }); } catch {} try { Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0); } catch {} try { new Worker('x'); } catch {} ${ANSWER}`,
  ],
  [
    'timers',
    'pass',
    `try { setTimeout(() => use(globalThis), 0); } catch {} try { setInterval(() => {}, 0); } catch {} try { queueMicrotask(() => use(globalThis)); } catch {} ${ANSWER}`,
  ],
  [
    'what is collected later',
    'pass',
    `try { new FinalizationRegistry(() => use(globalThis)).register({}, 1); } catch {} try { use(new WeakRef(globalThis).deref()); } catch {} ${ANSWER}`,
  ],
  [
    'the interpreter itself',
    'pass',
    `for (const name of ['gc', 'print', 'scriptArgs', '__loadScript', 'bjson', 'std', 'os', 'evalScript', 'loadFile']) try { use(globalThis[name]('x')); } catch {} ${ANSWER}`,
  ],
];

/** Every text as it is run, with what it tries on the canaries (imports may stand anywhere in a module). */
export function hostileRules(where: Pick<Canaries, 'dir' | 'port'>): readonly (readonly [name: string, ends: 'pass' | 'stop', text: string])[] {
  return TEXTS.map(([name, ends, text]) => [name, ends, `${powers(where)}\n${text}`]);
}
