import releaseVariant from '@jitl/quickjs-wasmfile-release-sync';
import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSContext,
  type QuickJSHandle,
  type QuickJSRuntime,
  type QuickJSSyncVariant,
} from 'quickjs-emscripten-core';

export interface InterpreterLimits {
  /** Machine milliseconds for everything that the rules do. */
  readonly ms: number;
  /** Megabytes of memory, the interpreter's own included. */
  readonly mb: number;
}

/** What an interpreter is given: texts and the interpreter's own code, no object that could lead anywhere. */
export interface InterpreterRequest {
  /** QuickJS, compiled once for all threads. */
  readonly wasm: WebAssembly.Module;
  /** The rules: the text of an ES module. */
  readonly text: string;
  /** JSON of `{decisions, policies}`. */
  readonly input: string;
  readonly limits: InterpreterLimits;
}

/** Kept for the interpreter's own beginning; below it nothing useful runs. */
const PAGE_BYTES = 65_536;
const INITIAL_PAGES = 256;
/** Far below the stack that WebAssembly itself has, so that QuickJS ends a recursion before the engine around it would. */
const STACK_BYTES = 96 * 1024;
const MOST_WORDS = 500;

/** What the rules need beyond the language: the UTF-8 bytes of a text. */
const ENCODER = `
globalThis.TextEncoder = class TextEncoder {
  encode(text) {
    const out = [];
    for (const char of text.toWellFormed()) {
      const c = char.codePointAt(0);
      if (c < 0x80) out.push(c);
      else if (c < 0x800) out.push(0xc0 | (c >> 6), 0x80 | (c & 63));
      else if (c < 0x10000) out.push(0xe0 | (c >> 12), 0x80 | ((c >> 6) & 63), 0x80 | (c & 63));
      else out.push(0xf0 | (c >> 18), 0x80 | ((c >> 12) & 63), 0x80 | ((c >> 6) & 63), 0x80 | (c & 63));
    }
    return Uint8Array.from(out);
  }
};`;

/** Made before the rules are read, so that they cannot change how their own answer is written. */
const DRIVER = `(({ parse, stringify }, words) => (rules, input) => {
  const { decisions, policies } = parse(input);
  try {
    return stringify({ results: rules.redecide(decisions, policies) });
  } catch (error) {
    let said = 'an error without words';
    try { said = words(error); } catch {}
    return stringify({ threw: said.slice(0, ${MOST_WORDS}) });
  }
})(JSON, String)`;

/**
 * Runs a rules text that nobody here has read, in an interpreter that has no host object at all: QuickJS inside WebAssembly, with
 * texts in and one text out. It stops the clock of the thread it runs in: give it a thread of its own, and end that afterwards.
 * Returns JSON: `{results}` as the rules gave them, `{threw}` for what they threw, `{failed}` where they could not be run.
 */
export async function interpret({ wasm, text, input, limits }: InterpreterRequest): Promise<string> {
  const isOver = deadline(limits.ms);
  stopClock();
  try {
    const runtime = (await quickJs(wasm, limits.mb)).newRuntime();
    runtime.setMaxStackSize(STACK_BYTES);
    runtime.setInterruptHandler(isOver);
    const context = runtime.newContext();
    const driver = unwrapped(context, context.evalCode(`${ENCODER}${DRIVER}`, 'interdict'));
    const rules = settled(context, runtime, unwrapped(context, context.evalCode(text, 'rules', { type: 'module', strict: true })));
    return textOf(context, unwrapped(context, context.callFunction(driver, context.undefined, rules, context.newString(input))));
  } catch (error) {
    return JSON.stringify({ failed: isOver() ? `they did not end within ${limits.ms / 1000} s` : wordsOf(error, limits) });
  }
}

function deadline(ms: number): () => boolean {
  const now = performance.now.bind(performance);
  const end = now() + ms;
  return () => now() >= end;
}

/** Rules read no clock and know no zone, and WebAssembly would ask this thread's: it always says the same. */
function stopClock(): void {
  Date.now = () => 0;
  Date.prototype.getTimezoneOffset = () => 0;
  performance.now = () => 0;
}

/** Compiles the interpreter from its bytes. Copied into a buffer of its own: a view of somebody else's is no source of code. */
export function compiled(bytes: Uint8Array): Promise<WebAssembly.Module> {
  return WebAssembly.compile(Uint8Array.from(bytes));
}

async function quickJs(wasm: WebAssembly.Module, mb: number) {
  const maximum = Math.max(INITIAL_PAGES, Math.floor((mb * 1024 * 1024) / PAGE_BYTES));
  // Its types are those of the other module system, where the default export is the module.
  const variant = newVariant(releaseVariant as unknown as QuickJSSyncVariant, {
    wasmModule: wasm,
    wasmMemory: new WebAssembly.Memory({ initial: INITIAL_PAGES, maximum }),
  });
  return newQuickJSWASMModuleFromVariant(variant);
}

/** What went wrong inside, in the words of the rules. */
class Thrown extends Error {}

function unwrapped(context: QuickJSContext, result: ReturnType<QuickJSContext['evalCode']>): QuickJSHandle {
  if (result.error === undefined) return result.value;
  throw new Thrown(dumped(context, result.error));
}

function dumped(context: QuickJSContext, handle: QuickJSHandle): string {
  const error: unknown = context.dump(handle);
  if (typeof error !== 'object' || error === null) return String(error);
  const { name, message } = { name: '', message: '', ...error };
  return `${String(name)}: ${String(message)}`;
}

/** A module with a top-level await is a promise; one that nothing settles is not waited for. */
function settled(context: QuickJSContext, runtime: QuickJSRuntime, module: QuickJSHandle): QuickJSHandle {
  const jobs = runtime.executePendingJobs();
  if (jobs.error !== undefined) throw new Thrown(dumped(context, jobs.error));
  const state = context.getPromiseState(module);
  if (state.type === 'fulfilled') return state.value;
  throw new Thrown(state.type === 'pending' ? 'they wait for something that never comes' : dumped(context, state.error));
}

function textOf(context: QuickJSContext, handle: QuickJSHandle): string {
  if (context.typeof(handle) !== 'string') throw new Thrown('they gave no answer');
  return context.getString(handle);
}

function wordsOf(error: unknown, { mb }: InterpreterLimits): string {
  const words = error instanceof Error ? error.message : String(error);
  if (error instanceof Thrown && !/out of memory/.test(words)) return words.slice(0, MOST_WORDS);
  return /memory|OOM|allocation/i.test(words) ? `they used more than ${mb} MB of memory` : `the interpreter stopped: ${words.slice(0, MOST_WORDS)}`;
}
