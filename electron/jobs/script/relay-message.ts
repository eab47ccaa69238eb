import { AppError } from '../../../shared/contract/errors.ts';
import { errorText } from '../../../shared/error-text.ts';
import type { AttemptStart } from '../attempt/attempt.ts';
import { OverLimitError } from '../channel-limits.ts';
import type { RunMessage, WorkerDone } from './channel/script-protocol.ts';
import type { ScriptWorker } from './script-worker-process.ts';

/** Passes on what a worker says during a run, and replies to what it asks for. */
export function relayMessage(
  message: Exclude<RunMessage, WorkerDone>,
  start: AttemptStart,
  worker: Pick<ScriptWorker, 'reply'>,
): void {
  if (message.t === 'progress') {
    start.onProgress({ percent: message.percent, message: message.message });
  } else if (message.t === 'annotation') {
    start.output().annotate(message.level, message.text);
  } else if (message.t === 'plan') {
    start.onPlan(message.names);
  } else if (message.t === 'part') {
    start.onPart(message);
  } else if (message.t === 'request') {
    const { n } = message;
    start.onRequest(message).then(
      (value) => worker.reply({ n, value, error: null }),
      (error: unknown) => {
        const printed = printError(error);
        // A script that does not wait for it would never know.
        if (message.kind === 'raise' && !(error instanceof OverLimitError)) {
          start.output().annotate('warning', printed.message);
        }
        worker.reply({ n, value: null, error: printed });
      },
    );
  } else {
    start.output().writeText(message.stream, message.text);
  }
}

const printError = (error: unknown): { code: string; message: string } =>
  error instanceof AppError
    ? { code: error.code, message: error.message }
    : { code: 'internal', message: errorText(error) };
