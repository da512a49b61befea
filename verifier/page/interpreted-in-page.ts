import wasm from '@jitl/quickjs-wasmfile-release-sync/wasm';
import { awaitAnswer, readAnswer } from '../interpreter/answer.ts';
import { compiled, type InterpreterLimits, type InterpreterRequest } from '../interpreter/interpret.ts';
import type { RulesModule } from '../replay.ts';

/** The text of the worker's program, and the limits of one call of the rules (verifier/entry/verify-page.ts). */
declare const RULES_WORKER: string;
declare const INTERPRETER_LIMITS: InterpreterLimits;

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
  try {
    return await awaitAnswer(request.limits, (answered, stopped) => {
      worker.addEventListener('message', ({ data }) => answered(data));
      worker.addEventListener('error', ({ message }) => stopped(`the interpreter stopped: ${message}`));
      worker.postMessage(request);
    });
  } finally {
    worker.terminate();
    URL.revokeObjectURL(address);
  }
}
