import { STATUS_CODES } from 'node:http';
import type { AttemptResult, JobOutcome } from '../../jobs/attempt/attempt.ts';
import { cutText, maxErrorLength } from '../../jobs/channel-limits.ts';
import type { SecretMasks } from '../../jobs/masks/secret-masks.ts';
import type { Answer } from '../../outgoing/http-request.ts';

/** Of an answer's body; the rest is not read. */
export const maxAnswerBytes = 64 * 1024;

/** Values that would let a reader of the run act as us. */
const hiddenHeaders = new Set(['set-cookie', 'authorization']);
// biome-ignore lint/suspicious/noControlCharactersInRegex: a text with these is shown as bytes
const unprintable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

/** What a run keeps of the answer: the same shape for every destination, so that two can be compared. */
export function answerOutcome(answer: Answer, masks: SecretMasks): JobOutcome {
  const headers: Record<string, string> = {};
  for (const [name, value] of answer.headers) {
    const key = name.toLowerCase();
    const before = headers[key];
    const shown = hiddenHeaders.has(key) ? '***' : value;
    headers[key] = before === undefined ? shown : `${before}, ${shown}`;
  }
  const text = readText(answer.body, answer.isTruncated);
  const value = masks.applyToJson({
    status: answer.status,
    headers,
    body: text ?? answer.body.toString('base64'),
    ...(text === null ? { encoding: 'base64' } : {}),
    ...(answer.isTruncated ? { truncated: true } : {}),
    url: answer.url,
    address: answer.address,
    timing: { ...answer.timing },
  });
  return { text: JSON.stringify(value), value };
}

const wholeText = new TextDecoder('utf-8', { fatal: true });

function readText(bytes: Buffer, isTruncated: boolean): string | null {
  if (bytes.length === 0) return '';
  try {
    // One that is cut off within a character keeps that for what never comes.
    const text = isTruncated
      ? new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true })
      : wholeText.decode(bytes);
    return unprintable.test(text) ? null : text;
  } catch {
    return null;
  }
}

const gone = 410;

/** A 2xx is a success; anything else fails, and is tried again unless the destination is gone. */
export function judgeAnswer(answer: Answer, outcome: JobOutcome, nowMs: number): AttemptResult {
  const { status } = answer;
  const ended = { exitCode: null, signal: null, outcome };
  if (status >= 200 && status < 300) return { ...ended, state: 'completed', reason: 'exit', error: null };
  const asked = answer.headers.find(([name]) => name.toLowerCase() === 'retry-after')?.[1];
  const afterMs = asked === undefined ? null : readRetryAfter(asked, nowMs);
  return {
    ...ended,
    state: 'failed',
    reason: 'answer',
    error: cutText(
      `${new URL(answer.url).host} answered ${status} ${STATUS_CODES[status] ?? ''}`.trim(),
      maxErrorLength,
    ),
    retry: status === gone ? 'never' : afterMs === null ? undefined : { afterMs },
  };
}

/** `Retry-After`: seconds or a date (RFC 9110 section 10.2.3); null for anything else. */
export function readRetryAfter(text: string, nowMs: number): number | null {
  const trimmed = text.trim();
  if (/^\d{1,9}$/.test(trimmed)) return Number(trimmed) * 1000;
  // A date such as Fri, 31 Dec 1999 23:59:59 GMT; Date.parse alone would take a bare number for a year.
  const atMs = /^[A-Za-z]{3}/.test(trimmed) ? Date.parse(trimmed) : Number.NaN;
  return Number.isNaN(atMs) ? null : Math.max(0, atMs - nowMs);
}
