// Tells people of an event: posts a message to a webhook that understands Slack's (Slack, Mattermost, Rocket.Chat, Discord
// with "/slack" behind its address), and asks for attention on this machine, since its runs wait in the inbox.
//
// Event: payload { "title": "…", "text": "…", "url": "https://…" }, all of them optional.
// Secrets:
//   NOTIFY_URL      address of the incoming webhook
// Environment:
//   NOTIFY_ATTEMPTS  4
//   NOTIFY_WAIT_MS   before the second attempt, 1000; doubles each time
import { defineJob } from 'signalbox';
import { envNumber, needEnv, sendRequest } from './lib/send-request.ts';

interface Notice {
  title?: unknown;
  text?: unknown;
  url?: unknown;
}

// https://api.slack.com/reference/surfaces/formatting#escaping: these three stand for markup, mentions included.
const escapeText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const textOf = (value: unknown): string => (typeof value === 'string' ? value.trim().slice(0, 2000) : '');

const webAddress = (value: unknown): string | null => {
  const text = textOf(value);
  return /^https?:\/\//.test(text) && URL.canParse(text) ? new URL(text).href.replaceAll('|', '%7C') : null;
};

export default defineJob<Notice>(async (event, run) => {
  const url = needEnv('NOTIFY_URL', 'the address of the incoming webhook');
  const { title, text, url: link } = event.payload ?? {};
  const heading = textOf(title) || `${event.type} from ${event.source}`;
  const message = textOf(text);
  const address = webAddress(link);
  const lines = [`*${escapeText(heading)}*`, escapeText(message), address === null ? '' : `<${address}>`];
  const sent = await sendRequest(url, {
    headers: () => ({ 'content-type': 'application/json' }),
    body: JSON.stringify({ text: lines.filter((line) => line !== '').join('\n') }),
    attempts: envNumber('NOTIFY_ATTEMPTS', 4),
    firstWaitMs: envNumber('NOTIFY_WAIT_MS', 1000),
    signal: run.signal,
    onRetry: (why, waitMs) => run.log(`${why}; trying again in ${Math.round(waitMs)} ms`),
  });
  return {
    acknowledge: true,
    heading,
    message: message || `Sent after ${sent.attempts} attempt${sent.attempts === 1 ? '' : 's'}.`,
    next: address === null ? { type: 'view', eventId: event.id } : { type: 'url', url: address },
    attempts: sent.attempts,
  };
});
