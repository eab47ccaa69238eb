import { join } from 'node:path';
import pino, { type Logger } from 'pino';

/** Values under these names never reach the log, wherever an object with them is logged. */
const redacted = ['authorization', 'cookie', 'token', 'secret', 'password', 'value', 'body', 'payload'].flatMap(
  (name) => [name, `*.${name}`, `headers["${name}"]`],
);

/**
 * Lines of JSON on stderr (stdout is for the two addresses) and in `<data-dir>/signalbox.log`. JSON escapes line ends
 * and control characters, so that hostile text cannot forge lines or steer a terminal.
 */
export function createLog(dataDir: string, level: string): Logger {
  const file = pino.destination({ dest: join(dataDir, 'signalbox.log'), mkdir: true, sync: false, mode: 0o600 });
  const streams = pino.multistream([
    { level: 'trace', stream: pino.destination({ dest: 2, sync: true }) },
    { level: 'trace', stream: file },
  ]);
  return pino(
    { level, base: null, redact: { paths: redacted, censor: '***' }, timestamp: pino.stdTimeFunctions.isoTime },
    streams,
  );
}
