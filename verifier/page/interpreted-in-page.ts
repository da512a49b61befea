import wasm from '@jitl/quickjs-wasmfile-release-sync/wasm';
import { readAnswer } from '../interpreter/answer.ts';
import { compiled, type InterpreterLimits, type InterpreterRequest } from '../interpreter/interpret.ts';
import { type RulesModule, RulesNotRun } from '../replay.ts';

/** The text of the worker's program, and the limits of one call of the rules (verifier/entry/verify-page.ts). */
declare const RULES_WORKER: string;
declare const INTERPRETER_LIMITS: InterpreterLimits;

/** Beyond its own limit an interpreter that hangs inside one operation is ended with its worker. */
const GRACE_MS = 1_000;

let interpreter: Promise<WebAssembly.Module> | undefined;

/** A rules text as a module that runs in an interpreter without host objects, in a worker of its own. */
export function interpretedInPage(text: string): RulesModule {
  return {
    async redecide(decisions, policies) {
      interpreter ??= compiled(wasm);
      return readAnswer(
        await runWorker({ wasm: await interpreter, text, input: JSON.stringify({ decisions, policies }), limits: INTERPRETER_LIMITS }),
      );
    },
  };
}

async function runWorker(request: InterpreterRequest): Promise<string> {
  const address = URL.createObjectURL(new Blob([RULES_WORKER], { type: 'text/javascript' }));
  const worker = new Worker(address);
  const { ms } = request.limits;
  let late: ReturnType<typeof setTimeout> | undefined;
  try {
    return await new Promise<string>((resolve, reject) => {
      late = setTimeout(() => reject(new RulesNotRun(`the recorded rules did not end within ${ms / 1000} s`)), ms + GRACE_MS);
      worker.addEventListener('message', ({ data }) => resolve(String(data)));
      worker.addEventListener('error', ({ message }) => reject(new RulesNotRun(`the interpreter stopped: ${message}`)));
      worker.postMessage(request);
    });
  } finally {
    clearTimeout(late);
    worker.terminate();
    URL.revokeObjectURL(address);
  }
}
