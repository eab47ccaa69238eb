import { mkdirSync, openSync } from 'node:fs';
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
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  // Opened here: a stream that opens its file by itself throws at exit while it is not open yet, and a start that is
  // refused exits before that.
  const file = pino.destination({ dest: openSync(join(dataDir, 'signalbox.log'), 'a', 0o600), sync: false });
  // On a full disk its lines are lost, and go on to stderr; unheard, the error would end the app.
  file.on('error', () => undefined);
  const streams = pino.multistream([
    { level: 'trace', stream: pino.destination({ dest: 2, sync: true }) },
    { level: 'trace', stream: file },
  ]);
  return pino(
    { level, base: null, redact: { paths: redacted, censor: '***' }, timestamp: pino.stdTimeFunctions.isoTime },
    streams,
  );
}
