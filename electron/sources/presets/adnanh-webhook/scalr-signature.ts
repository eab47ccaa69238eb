import { createHmac } from 'node:crypto';
import { isSameMac } from '../../verify/compare.ts';
import type { HookRequest } from './hook-request.ts';

const toleranceMs = 300_000;

/** As Scalr writes it: `Fri 08 Sep 2017 11:24:32 UTC`. */
const datePattern = /^[A-Z][a-z]{2} (\d{2}) ([A-Z][a-z]{2}) (\d{4}) (\d{2}:\d{2}:\d{2}) (?:UTC|GMT)$/;

/** HMAC-SHA1 over body and `Date` in `X-Signature`, made in the last five minutes; null when a header is missing. */
export function isScalrSigned({ headers, body }: HookRequest, secret: string, nowMs: number): boolean | null {
  const signature = headers['x-signature'];
  const date = headers.date;
  if (signature === undefined || date === undefined) return null;
  const expected = createHmac('sha1', secret).update(body).update(date).digest('hex');
  if (!isSameMac(Buffer.from(signature), Buffer.from(expected))) return false;
  const [, day, month, year, time] = datePattern.exec(date) ?? [];
  const atMs = Date.parse(`${day} ${month} ${year} ${time} GMT`);
  return Math.abs(nowMs - atMs) <= toleranceMs;
}
