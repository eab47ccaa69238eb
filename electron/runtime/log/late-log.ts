import pino, { type Logger } from 'pino';
import { createLineSink } from './line-sink.ts';

/** A log for what begins before the data directory is open: lines go to stderr until `current` gives the app's own. */
export function openLateLog(level: string, current: () => Logger | null): Logger {
  const early = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, createLineSink(2));
  return new Proxy(early, {
    get: (target, key) => Reflect.get(current() ?? target, key),
  });
}
