import { formatDurationMs } from '../../../ui/text/format.ts';

/** `0.4 ms`, `12 ms`, `1.2 s`: below ten milliseconds a tenth counts. */
export const formatAnswerMs = (ms: number): string =>
  ms > 0 && ms < 10 ? `${ms.toFixed(1)} ms` : formatDurationMs(ms);
