import { setTimeout as wait } from 'node:timers/promises';

export interface SendOptions {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Called for each attempt, so that a time in them is that of the attempt. */
  headers?: () => Record<string, string>;
  body?: string;
  /** Of one attempt, its answer included; 10 s. */
  timeoutMs?: number;
  /** Counts the first; 4. */
  attempts?: number;
  /** Before the second attempt; doubles each time, ± 20 %; 1 s. */
  firstWaitMs?: number;
  signal: AbortSignal;
  onRetry?: (why: string, waitMs: number) => void;
}

export interface Sent {
  status: number;
  body: string;
  attempts: number;
}

/** The other side has answered, and would answer the same again. */
export class RefusedError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'RefusedError';
    this.status = status;
  }
}

const maxAnswerBytes = 256 * 1024;
const maxWaitMs = 60_000;

/** RFC 9110, section 15: what may be otherwise next time. */
const mayPass = (status: number): boolean => status === 408 || status === 425 || status === 429 || status >= 500;

/** RFC 9110, section 10.2.3: seconds, or a date. */
function retryAfterMs(value: string | null): number | null {
  if (value === null) return null;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(ms) ? Math.min(maxWaitMs, Math.max(0, ms)) : null;
}

async function readAnswer(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const part of response.body ?? []) {
    sizeBytes += part.length;
    if (sizeBytes > maxAnswerBytes)
      throw new RefusedError(response.status, `its answer is larger than ${maxAnswerBytes} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** The words of a failed fetch; its cause says more than itself. */
const describe = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && error.cause.message !== '' ? error.cause.message : error.message;
};

/**
 * Sends a request until it is answered with 2xx. Tries again after network errors, time-outs and answers that may pass,
 * as long after as the answer asks for. Redirects are not followed: they would carry headers and body elsewhere. Errors
 * name the host alone, since paths of webhook URLs are secrets. Throws RefusedError, or the last failure.
 */
export async function sendRequest(address: string, options: SendOptions): Promise<Sent> {
  if (!URL.canParse(address)) throw new TypeError('the address to send to is not a URL');
  const url = new URL(address);
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new TypeError('the address to send to must be http(s)');
  const { method = 'POST', body, timeoutMs = 10_000, attempts = 4, firstWaitMs = 1000, signal, onRetry } = options;
  for (let attempt = 1; ; attempt++) {
    let why: string;
    let waitMs = firstWaitMs * 2 ** (attempt - 1) * (0.8 + 0.4 * Math.random());
    try {
      const response = await fetch(url, {
        method,
        body,
        headers: options.headers?.() ?? {},
        redirect: 'manual',
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      });
      const text = await readAnswer(response);
      if (response.ok) return { status: response.status, body: text, attempts: attempt };
      why = `${url.host} answered ${response.status}${text === '' ? '' : `: ${text.slice(0, 200)}`}`;
      if (!mayPass(response.status)) throw new RefusedError(response.status, why);
      waitMs = retryAfterMs(response.headers.get('retry-after')) ?? waitMs;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof RefusedError) throw error;
      const isLate = error instanceof Error && error.name === 'TimeoutError';
      why = isLate ? `${url.host} did not answer within ${timeoutMs} ms` : `${url.host}: ${describe(error)}`;
    }
    if (attempt >= attempts) throw new Error(`${why} (${attempts} attempts)`);
    waitMs = Math.min(maxWaitMs, waitMs);
    onRetry?.(why, waitMs);
    await wait(waitMs, undefined, { signal });
  }
}

/** A variable that the job cannot do without. */
export function needEnv(name: string, what: string): string {
  const value = process.env[name]?.trim() ?? '';
  if (value === '') throw new Error(`${name} is not set: ${what}. Set it in the job's environment or secrets.`);
  return value;
}

/** A whole number from the environment; throws when it is something else. */
export function envNumber(name: string, usual: number): number {
  const text = process.env[name]?.trim() ?? '';
  if (text === '') return usual;
  if (!/^\d{1,9}$/.test(text)) throw new Error(`${name} must be a whole number, not "${text}"`);
  return Number(text);
}
