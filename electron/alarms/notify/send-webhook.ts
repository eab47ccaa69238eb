import type { AlarmChannel } from '../../../shared/contract/alarms.ts';
import type { SecretRef } from '../../../shared/contract/common.ts';
import { explainFailure } from '../../outgoing/explain-failure.ts';
import { openConnections, sendRequest } from '../../outgoing/http-request.ts';
import { type NoticeMessage, slackBody } from './notice-text.ts';

const timeoutMs = 15_000;
const maxAnswerBytes = 4096;
const shownChars = 200;

type WebhookChannel = Extract<AlarmChannel, { via: 'webhook' }>;

/**
 * Posts a message in Slack's format, with the address checks and the proxy that destinations have. Throws an Error for
 * people, which never holds the address: it is a secret of most receivers.
 */
export async function sendWebhook(
  channel: WebhookChannel,
  message: NoticeMessage,
  { readSecret, signal }: { readSecret: (ref: SecretRef) => string; signal: AbortSignal },
): Promise<void> {
  const address = typeof channel.url === 'string' ? channel.url : readSecret(channel.url).trim();
  if (!URL.canParse(address)) throw new Error('The webhook URL is not a URL.');
  const url = new URL(address);
  const connections = openConnections({ reach: channel.allowPrivate === true ? 'private' : 'public', maxSockets: 1 });
  try {
    const { status, body } = await sendRequest(connections, {
      url,
      method: 'POST',
      headers: [
        ['User-Agent', 'Signalbox'],
        ['Content-Type', 'application/json'],
      ],
      body: Buffer.from(JSON.stringify(slackBody(message))),
      redirects: 0,
      maxBytes: maxAnswerBytes,
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    }).catch((error: unknown) => {
      throw new Error(
        isTimeout(error) ? `${url.host} did not answer within 15 s.` : `${explainFailure(url.host, error)}.`,
      );
    });
    if (status >= 200 && status < 300) return;
    const said = body.toString('utf8').trim().slice(0, shownChars);
    throw new Error(`${url.host} answered ${status}${said === '' ? '' : `: ${said}`}.`);
  } finally {
    connections.close();
  }
}

const isTimeout = (error: unknown): boolean =>
  error instanceof Error && (error.name === 'TimeoutError' || (error.cause instanceof Error && isTimeout(error.cause)));
