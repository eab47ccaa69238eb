import { z } from 'zod';
import { AppError } from '../../../../shared/contract/errors.ts';
import type { Verification } from '../../../../shared/contract/events.ts';
import { guardedGet } from '../../../outgoing/guarded-get.ts';
import type { Verified } from '../../source-types.ts';
import { defineScheme } from '../verify-scheme.ts';

/** Posts a body to an address and gives the answer; rejects with AppError `unavailable`. */
export type AskPaypal = (url: URL, body: Buffer) => Promise<string>;

const asked = {
  live: new URL('https://ipnpb.paypal.com/cgi-bin/webscr'),
  sandbox: new URL('https://ipnpb.sandbox.paypal.com/cgi-bin/webscr'),
};

const contentType = 'application/x-www-form-urlencoded';
const askPaypal: AskPaypal = async (url, body) =>
  (await guardedGet(url, { maxBytes: 1024, timeoutMs: 20_000, post: { contentType, body } })).toString('latin1');

const wrong = (code: string, message: string): Verified => ({ ok: false, code, message });
const addressOf = (text: string | null): string => (text ?? '').trim().toLowerCase();

/** PayPal's IPN: the message goes back to PayPal, byte for byte, which says whether it sent it. */
export const createPaypalIpn = (ask: AskPaypal = askPaypal) =>
  defineScheme({
    id: 'paypal-ipn',
    label: 'Verification by PayPal',
    schema: z.strictObject({
      scheme: z.literal('paypal-ipn'),
      receiver: z.string().min(1, 'must not be empty').max(200, 'must be at most 200 characters').optional(),
      sandbox: z.boolean().default(false),
    }),
    fields: [
      {
        path: 'verify.receiver',
        label: 'Receiver',
        kind: 'text',
        example: 'sales@example.com',
        help:
          'Email address or merchant ID of your PayPal account. Messages for other accounts are refused; PayPal itself ' +
          'verifies those of every account.',
      },
      {
        path: 'verify.sandbox',
        label: 'Sandbox',
        kind: 'boolean',
        help: 'Also accept messages of the PayPal sandbox, which every developer can send.',
      },
    ],
    prepare: ({ receiver, sandbox }) => ({
      async verify({ body }) {
        const fields = new URLSearchParams(body.toString('latin1'));
        const isTest = fields.get('test_ipn') === '1';
        if (isTest && !sandbox) {
          return wrong(
            'sandbox_not_allowed',
            'the message is of the PayPal sandbox, which this source does not accept',
          );
        }
        const receivers = ['receiver_email', 'receiver_id', 'business'].map((name) => addressOf(fields.get(name)));
        if (receiver !== undefined && !receivers.includes(addressOf(receiver))) {
          return wrong('receiver_wrong', `the message is for another account than ${receiver}`);
        }
        const answer = await ask(
          isTest ? asked.sandbox : asked.live,
          Buffer.concat([Buffer.from('cmd=_notify-validate&'), body]),
        );
        if (answer.trim() === 'INVALID')
          return wrong('signature_mismatch', 'PayPal says that it did not send this message');
        if (answer.trim() !== 'VERIFIED')
          throw new AppError('unavailable', 'PayPal answered neither VERIFIED nor INVALID');
        const verification: Verification = {
          state: 'verified',
          scheme: 'paypal-ipn',
          detail: isTest ? 'sandbox' : null,
        };
        return { ok: true, verification };
      },
      sign: () => null,
      problem: () => null,
      challenge: 'PayPal',
      isOpen: false,
      codesWithoutBody: [],
      masking: { clearHeaders: [], clearQuery: [], keepHeaders: [] },
    }),
  });
