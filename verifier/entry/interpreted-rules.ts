import { Worker } from 'node:worker_threads';
import type { Verification } from '../../domain/verify-decisions.ts';
import { awaitAnswer, readAnswer } from '../interpreter/answer.ts';
import type { InterpreterLimits, InterpreterRequest } from '../interpreter/interpret.ts';
import type { RulesModule } from '../replay.ts';

/** Limits of one call of the rules: seconds where the slowest recorded history takes a fraction of one. */
export const INTERPRETER_LIMITS: InterpreterLimits = { ms: 20_000, mb: 512 };

/** Where the thread's program and the interpreter's code are. */
export interface InterpreterParts {
  readonly thread: URL;
  readonly wasm: Promise<WebAssembly.Module>;
}

/**
 * A recorded rules text as a module that runs in an interpreter without host objects (`interpreter/interpret.ts`), in a thread of its
 * own with limits of time and memory. Whatever it answers is parsed as data.
 */
export function interpretedRules(text: string, parts: InterpreterParts, limits: InterpreterLimits = INTERPRETER_LIMITS): RulesModule {
  return {
    async redecide(decisions, policies): Promise<readonly Verification[]> {
      return readAnswer(await runThread({ wasm: await parts.wasm, text, input: JSON.stringify({ decisions, policies }), limits }, parts.thread));
    },
  };
}

async function runThread(request: InterpreterRequest, program: URL): Promise<string> {
  const thread = new Worker(program, { workerData: request, env: {}, stdin: false, stdout: true, stderr: true });
  try {
    return await awaitAnswer(request.limits, (answered, stopped) => {
      thread.on('message', answered);
      thread.on('error', (error) => stopped(`the interpreter stopped: ${error.message}`));
      thread.on('exit', () => stopped('the recorded rules ended without an answer'));
    });
  } finally {
    await thread.terminate();
  }
}
