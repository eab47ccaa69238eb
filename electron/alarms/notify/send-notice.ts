import type { AlarmChannel } from '../../../shared/contract/alarms.ts';
import type { SecretRef } from '../../../shared/contract/common.ts';
import type { Settings } from '../../../shared/contract/settings.ts';
import { type NoticeMessage, plainBody } from './notice-text.ts';
import { sendEmail } from './send-email.ts';
import { sendWebhook } from './send-webhook.ts';

export interface DesktopNote {
  title: string;
  body: string;
  /** Page of the window that a click opens. */
  path: string;
}

export interface SendDeps {
  readSecret: (ref: SecretRef) => string;
  smtp: () => Settings['smtp'];
  /** To the desktop apps that show this server. */
  showNote: (note: DesktopNote) => void;
  /** Aborted when the app stops. */
  signal: AbortSignal;
}

/** Page of a note about several alarms. */
const alarmsPath = '/alarms';
const maxNoteChars = 300;

/** Sends a message over one channel. Throws an Error for people. */
export async function sendNotice(channel: AlarmChannel, message: NoticeMessage, deps: SendDeps): Promise<void> {
  if (channel.via === 'webhook') return await sendWebhook(channel, message, deps);
  if (channel.via === 'email') return await sendEmail(channel.to, message, { ...deps, smtp: deps.smtp() });
  const [line] = message.lines;
  if (line === undefined) return;
  const isOne = message.lines.length === 1;
  const body = isOne
    ? line.text
    : plainBody({ ...message, lines: message.lines.map((one) => ({ ...one, link: null })) });
  deps.showNote({
    title: message.title,
    body: body.trim().slice(0, maxNoteChars),
    path: isOne ? line.path : alarmsPath,
  });
}
