import { parentPort, workerData } from 'node:worker_threads';
import { interpret, type InterpreterRequest } from '../interpreter/interpret.ts';

// The thread of one interpreter: one request, one answer; it is ended from outside. What it is given was put together by
// `interpreted-rules.ts` in the same process.
parentPort?.postMessage(await interpret(workerData as InterpreterRequest));
