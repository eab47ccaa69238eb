import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import pino, { type Logger } from 'pino';
import { createLineSink, type LineSink } from './line-sink.ts';
import { openLogFile } from './log-file.ts';

/** Values under these names never reach the log, wherever an object with them is logged. */
const redacted = ['authorization', 'cookie', 'token', 'secret', 'password', 'value', 'body', 'payload'].flatMap(
  (name) => [name, `*.${name}`, `headers["${name}"]`],
);

export interface OpenLog {
  log: Logger;
  /** Lines after this go to stderr alone. */
  close(): void;
}

/**
 * Lines of JSON on stderr (stdout is for the two addresses) and in `<data-dir>/signalbox.log`, of bounded size. JSON escapes line ends
 * and control characters, so that hostile text cannot forge lines or steer a terminal. Without the file, which a full or
 * foreign disk can refuse, the app starts all the same.
 */
export function openLog(dataDir: string, level: string): OpenLog {
  const path = join(dataDir, 'signalbox.log');
  let file: LineSink | null = null;
  let problem: unknown = null;
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    file = openLogFile(path);
  } catch (error) {
    problem = error;
  }
  const streams = [createLineSink(2), ...(file === null ? [] : [file])];
  const log = pino(
    { level, base: null, redact: { paths: redacted, censor: '***' }, timestamp: pino.stdTimeFunctions.isoTime },
    pino.multistream(streams.map((stream) => ({ level: 'trace', stream }))),
  );
  if (problem !== null) log.warn({ err: problem, path }, 'the log file cannot be opened; lines go to stderr only');
  return { log, close: () => file?.close() };
}
