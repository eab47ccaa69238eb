import { gt, valid } from 'semver';
import { z } from 'zod';
import { AppError } from '../../../shared/contract/errors.ts';
import { errorText } from '../../../shared/error-text.ts';

const feedSchema = z.object({
  version: z.string().refine((text) => valid(text) !== null, 'must be a version such as 1.2.3'),
  url: z.url({ protocol: /^https$/, error: 'must be an https address' }),
});

export interface Release {
  version: string;
  /** Where to read about it and get it. */
  url: string;
}

const withinMs = 20_000;
const maxChars = 64 * 1024;

/** Reads `{"version": "1.2.3", "url": "https://…"}`; null when it is no newer than `current`. Throws AppError. */
export async function readUpdateFeed(
  feed: string,
  current: string,
  get: (url: string, init: { signal: AbortSignal; redirect: 'follow' }) => Promise<Response>,
): Promise<Release | null> {
  const failed = (why: string): AppError =>
    new AppError('unavailable', `The update feed ${feed} could not be read: ${why}. Check its address in Settings.`);
  let text: string;
  let status: number;
  try {
    const response = await get(feed, { signal: AbortSignal.timeout(withinMs), redirect: 'follow' });
    status = response.status;
    text = await response.text();
  } catch (error) {
    throw failed(errorText(error));
  }
  if (status !== 200) throw failed(`it responds with HTTP ${status}`);
  if (text.length > maxChars) throw failed('it is longer than 64 KB');
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    throw failed('it is not JSON');
  }
  const parsed = feedSchema.safeParse(raw);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw failed(`${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim());
  }
  return gt(parsed.data.version, current) ? parsed.data : null;
}
