import { errorText } from '../../../shared/error-text.ts';
import type { Verified } from '../../sources/source-types.ts';
import type { Refusal } from './answer.ts';

export const notReady: Refusal = {
  status: 503,
  code: 'not_ready',
  message: 'the receiver is not accepting deliveries',
  retryAfterSeconds: 5,
  keepsBody: false,
};

export const fromPage: Refusal = {
  status: 403,
  code: 'from_a_page',
  message: 'sent by a page in a browser; a source without verification accepts nothing from web pages',
};

export const sourceNotFound = (isDisabled: boolean): Refusal => ({
  status: 404,
  code: 'source_not_found',
  message: isDisabled ? 'the source is disabled' : 'no source has this address',
  toSender: { code: 'source_not_found', message: 'there is no source at this address' },
});

export const methodNotAllowed = (method: string, allowed: readonly string[]): Refusal => ({
  status: 405,
  code: 'method_not_allowed',
  message: `this source does not accept ${method}, only ${allowed.join(', ')}`,
  headers: { allow: allowed.join(', ') },
});

export const misconfigured = (reason: string): Refusal => ({
  status: 503,
  code: 'source_misconfigured',
  message: `the source cannot accept deliveries: ${reason}`,
  toSender: { code: 'source_misconfigured', message: 'this source cannot accept deliveries right now' },
  retryAfterSeconds: 30,
});

export const unverified = (verified: Extract<Verified, { ok: false }>, challenge: string | undefined): Refusal => ({
  status: 401,
  code: verified.code,
  message: verified.message,
  toSender: { code: 'verification_failed', message: 'this delivery could not be verified' },
  headers: challenge ? { 'www-authenticate': challenge } : undefined,
});

export const notStored = (error: unknown): Refusal => ({
  status: 503,
  code: 'storage_unavailable',
  message: `the delivery could not be stored: ${errorText(error)}`,
  toSender: { code: 'storage_unavailable', message: 'the delivery could not be stored; try again later' },
  retryAfterSeconds: 5,
});

export const unreadable = (code: string, message: string, status: 415 | 422 = 422): Refusal => ({
  status,
  code,
  message,
});

export const lengthRequired: Refusal = {
  status: 411,
  code: 'length_required',
  message:
    'bytes follow the headers, which say neither how long the body is nor that it is chunked: send Content-Length',
};
