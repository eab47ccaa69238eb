import { randomUUID } from 'node:crypto';
import { type Session, session } from 'electron';
import type { Probe } from '../../../shared/contract/desktop.ts';
import { AppError } from '../../../shared/contract/errors.ts';
import { errorText } from '../../../shared/error-text.ts';
import { printFingerprint } from './fingerprint.ts';
import { isLoopbackHost, parseServerAddress } from './server-address.ts';
import type { Fetch } from './server-fetch.ts';

/** Chromium's net::OK and net::ERR_FAILED as results of a verification. */
const accept = 0;
const reject = -2;

/** In memory and used for one connection alone: no cookie, cache or certificate of one server meets another. */
const freshSession = (): Session => session.fromPartition(`server-${randomUUID()}`, { cache: false });

const fetchFrom =
  (from: Session): Fetch =>
  // A redirect would carry the token to wherever it leads.
  (url, init) =>
    from.fetch(url, { ...init, credentials: 'omit', cache: 'no-store', redirect: 'error' });

/**
 * Requests to a server by Chromium's own network, which knows the system's proxies and certificates. With a fingerprint, that one
 * certificate is accepted as well; it is checked before anything is sent.
 */
export function openServerSession(fingerprint: string | null): Fetch {
  const opened = freshSession();
  if (fingerprint !== null) {
    opened.setCertificateVerifyProc(({ verificationResult, certificate }, decide) => {
      const isTrusted = verificationResult === 'net::OK' || printFingerprint(certificate.fingerprint) === fingerprint;
      decide(isTrusted ? accept : reject);
    });
  }
  return fetchFrom(opened);
}

const withinMs = 15_000;
const time = (seconds: number): string => new Date(seconds * 1000).toISOString();

/** Chromium's name of a problem in words. */
const problems: Record<string, string> = {
  'net::ERR_CERT_AUTHORITY_INVALID': 'it is self-signed, or by an authority that this computer does not know',
  'net::ERR_CERT_COMMON_NAME_INVALID': 'it is for another host name',
  'net::ERR_CERT_DATE_INVALID': 'it has expired or is not valid yet',
  'net::ERR_CERT_REVOKED': 'it was revoked',
};

/** Opens a connection to see the server's certificate, and sends nothing. Throws AppError where nothing responds. */
export async function probeServer(text: string): Promise<Probe> {
  const address = parseServerAddress(text);
  const url = new URL(address);
  if (url.protocol === 'http:') {
    return { address, encryption: isLoopbackHost(url.hostname) ? 'loopback' : 'none', certificate: null };
  }
  const opened = freshSession();
  let seen: Probe | null = null;
  opened.setCertificateVerifyProc(({ verificationResult, certificate }, decide) => {
    const isTrusted = verificationResult === 'net::OK';
    seen = {
      address,
      encryption: isTrusted ? 'trusted' : 'untrusted',
      certificate: {
        fingerprint: printFingerprint(certificate.fingerprint) ?? certificate.fingerprint,
        subject: certificate.subjectName,
        issuer: certificate.issuerName,
        validFrom: time(certificate.validStart),
        validTo: time(certificate.validExpiry),
        problem: isTrusted ? null : (problems[verificationResult] ?? verificationResult),
      },
    };
    decide(reject);
  });
  try {
    const signal = AbortSignal.timeout(withinMs);
    await fetchFrom(opened)(`${address}/healthz`, { method: 'GET', headers: {}, signal });
  } catch (error) {
    // It ends so on purpose once the certificate has been seen.
    if (seen === null) {
      throw new AppError('unavailable', `${address} does not respond: ${errorText(error)}. Check the address.`);
    }
  }
  if (seen === null) throw new AppError('unavailable', `${address} showed no certificate. Check the address.`);
  return seen;
}
