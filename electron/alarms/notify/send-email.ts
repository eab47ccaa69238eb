import type { SecretRef } from '../../../shared/contract/common.ts';
import type { Settings } from '../../../shared/contract/settings.ts';
import { errorText } from '../../../shared/error-text.ts';
import { type NoticeMessage, plainBody } from './notice-text.ts';

const connectMs = 15_000;
const socketMs = 30_000;

/** Sends one e-mail to all recipients. Throws an Error for people. */
export async function sendEmail(
  to: readonly string[],
  message: NoticeMessage,
  { smtp, readSecret }: { smtp: Settings['smtp']; readSecret: (ref: SecretRef) => string },
): Promise<void> {
  const { host, port, security, user, password } = smtp;
  if (host === '') throw new Error('There is no SMTP server. Set it under Settings, E-mail.');
  const from = smtp.from === '' ? user : smtp.from;
  if (!from.includes('@')) throw new Error('There is no sender address. Set it under Settings, E-mail.');
  const pass = password === null ? '' : readSecret(password);
  // Loaded when the first e-mail is sent.
  const { createTransport } = await import('nodemailer');
  const transport = createTransport({
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    ...(user === '' ? {} : { auth: { user, pass } }),
    connectionTimeout: connectMs,
    greetingTimeout: connectMs,
    socketTimeout: socketMs,
    // Texts come from events: they name no file and no address to fetch.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    await transport.sendMail({
      from,
      to: [...to],
      subject: `[Signalbox] ${message.title}`,
      text: plainBody(message),
      headers: { 'Auto-Submitted': 'auto-generated' },
    });
  } catch (error) {
    throw new Error(`${host}:${port}: ${errorText(error)}`);
  } finally {
    transport.close();
  }
}
