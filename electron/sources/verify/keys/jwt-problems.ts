import { errors } from 'jose';
import type { Verified } from '../../source-types.ts';

export type Refused = Extract<Verified, { ok: false }>;
export const refuse = (code: string, message: string): Refused => ({ ok: false, code, message });

const claimProblems: Record<string, [string, string]> = {
  iss: ['issuer_wrong', 'the token is not from the issuer of this source'],
  aud: ['audience_wrong', 'the token is not meant for the audience of this source'],
  nbf: ['token_not_yet_valid', 'the token is not valid yet'],
  exp: ['token_malformed', 'the token has an invalid expiry'],
  iat: ['token_in_future', "the token was issued ahead of this machine's clock, by more than the tolerance"],
};

/** jose's errors in our words; null for what is not the sender's doing. */
export function explainJwtError(error: unknown, header: string, maxAge: string): Refused | null {
  if (error instanceof errors.JWTExpired) {
    return error.claim === 'iat'
      ? refuse('token_too_old', `the token was issued more than ${maxAge} ago`)
      : refuse('token_expired', 'the token has expired');
  }
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.reason === 'missing' || error.reason === 'invalid') {
      return refuse('claim_missing', `the token has no usable claim "${error.claim}"`);
    }
    const [code, message] = claimProblems[error.claim] ?? ['token_malformed', error.message];
    return refuse(code, message);
  }
  if (error instanceof errors.JOSEAlgNotAllowed || error instanceof errors.JOSENotSupported) {
    return refuse('algorithm_not_allowed', `the algorithm of the token is not allowed here (its header: ${header})`);
  }
  if (error instanceof errors.JWKSNoMatchingKey) {
    return refuse('key_unknown', `no key of the sender matches the header of the token: ${header}`);
  }
  if (error instanceof errors.JWSSignatureVerificationFailed || error instanceof errors.JWKSMultipleMatchingKeys) {
    return refuse('signature_mismatch', 'the signature of the token does not match its content');
  }
  // The platform's crypto throws DOMException for a key that is none of its kind.
  if (error instanceof errors.JWKSInvalid || error instanceof TypeError || error instanceof DOMException) {
    return refuse('key_unusable', `the sender's key cannot be used: ${error.message}`);
  }
  return error instanceof errors.JOSEError
    ? refuse('token_malformed', `the token is malformed: ${error.message}`)
    : null;
}

/** For messages: the token's own header, which holds no secret, cut to a length. */
export const printHeader = (token: string): string =>
  Buffer.from(token.slice(0, token.indexOf('.')), 'base64url')
    .toString('utf8')
    .replace(/[^\x20-\x7e]/g, '?')
    .slice(0, 200);
