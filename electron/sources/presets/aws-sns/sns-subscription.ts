import type { Json } from '../../../../shared/contract/common.ts';
import { AppError } from '../../../../shared/contract/errors.ts';
import { guardedGet } from '../../../outgoing/guarded-get.ts';
import { fieldOf } from '../../body/json-object.ts';
import { type FetchBytes, isSnsHost } from '../../verify/keys/sns-certificates.ts';

/**
 * The address that confirms a subscription, out of the payload of a stored `sns.SubscriptionConfirmation`. Throws
 * AppError `invalid_input` for any that is not Amazon's, or confirms another topic than the message is about.
 */
export function readSubscribeUrl(payload: Json): URL {
  const text = fieldOf(payload, 'SubscribeURL');
  const url = typeof text === 'string' && URL.canParse(text) ? new URL(text) : null;
  const isRight =
    url !== null &&
    isSnsHost(url) &&
    url.pathname === '/' &&
    url.searchParams.get('Action') === 'ConfirmSubscription' &&
    url.searchParams.get('TopicArn') === fieldOf(payload, 'TopicArn');
  if (isRight) return url;
  throw new AppError(
    'invalid_input',
    'The event holds no address of Amazon SNS that confirms its topic, so nothing was asked.',
  );
}

/**
 * Confirms a subscription that an operator agreed to; gives its ARN. Throws AppError `invalid_input` as above, and
 * `unavailable` when Amazon does not answer or declines, as it does three days after it asked.
 */
export async function confirmSubscription(
  payload: Json,
  fetchBytes: FetchBytes = (url) => guardedGet(url, { maxBytes: 64 * 1024, timeoutMs: 15_000 }),
): Promise<string> {
  const answer = await fetchBytes(readSubscribeUrl(payload));
  const arn = /<SubscriptionArn>\s*(arn:[^<\s]{1,500})\s*<\/SubscriptionArn>/.exec(answer.toString('utf8'))?.[1];
  if (arn === undefined) throw new AppError('unavailable', 'Amazon SNS answered, but names no subscription.');
  return arn;
}
