import { interpret, type InterpreterRequest } from '../interpreter/interpret.ts';

// The worker of one interpreter: one request, one answer; the page ends it.
addEventListener('message', ({ data }: MessageEvent<InterpreterRequest>) => {
  void interpret(data).then((answer) => postMessage(answer));
});
