import { readFileSync } from 'node:fs';
import vm from 'node:vm';

/**
 * Runs a recorded rules module that nobody here has read. The process has no permissions and no environment (see `sandbox.ts`);
 * here the module gets a context with the language and nothing else, texts in and a text out. No object of ours ever enters it: through
 * one it could reach the rest of this process.
 */

/** What the rules need beyond the language: UTF-8 bytes of a text, made inside, so that it is no object of ours. */
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

const DRIVER = `
import * as rules from 'rules';
const { decisions, policies } = JSON.parse(globalThis.input);
const inWords = (error) => { try { return String(error).slice(0, 500); } catch { return 'an error without words'; } };
try {
  globalThis.output = JSON.stringify({ results: rules.redecide(decisions, policies) });
} catch (error) {
  globalThis.output = JSON.stringify({ threw: inWords(error) });
}`;

/** What a module that got out of its context would look for; none of it is needed from here on. */
function dropPowers(): void {
  const powers = ['getBuiltinModule', 'binding', '_linkedBinding', 'dlopen', 'kill', '_kill', 'abort', 'chdir', 'mainModule', 'env', 'report'];
  for (const name of powers) Reflect.deleteProperty(process, name);
  for (const name of ['fetch', 'WebSocket', 'EventSource', 'XMLHttpRequest', 'navigator', 'Worker', 'require'])
    Reflect.deleteProperty(globalThis, name);
}

async function run(): Promise<string> {
  const { text, ...input }: { text: string; [part: string]: unknown } = JSON.parse(readFileSync(0, 'utf8'));
  const write = vm.createContext(vm.constants.DONT_CONTEXTIFY, { codeGeneration: { strings: false, wasm: false } });
  write['input'] = JSON.stringify(input);
  vm.runInContext(ENCODER, write);
  const rules = new vm.SourceTextModule(text, { context: write, identifier: 'rules' });
  const driver = new vm.SourceTextModule(DRIVER, { context: write, identifier: 'driver' });
  dropPowers();
  await driver.link((specifier, from) => {
    if (specifier === 'rules' && from === driver) return rules;
    throw new Error('the rules text imports another module');
  });
  await driver.evaluate();
  const output: unknown = write['output'];
  if (typeof output !== 'string') throw new Error('the rules gave no answer');
  return output;
}

try {
  process.stdout.write(await run());
} catch (error) {
  process.stdout.write(JSON.stringify({ failed: wordsOf(error) }));
}

/** The error may be one of the module's own making: only a plain text is taken from it. */
function wordsOf(error: unknown): string {
  try {
    const text: unknown = error instanceof Error || (typeof error === 'object' && error !== null && 'message' in error) ? error.message : 'unknown';
    return typeof text === 'string' ? text.slice(0, 500) : 'it threw something without words';
  } catch {
    return 'it threw something without words';
  }
}
