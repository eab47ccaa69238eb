import { createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import { AppError } from '../../../../shared/contract/errors.ts';
import { errorText } from '../../../../shared/error-text.ts';

/** Body of an answer to a GET; rejects with AppError `unavailable`. */
export type FetchBytes = (url: URL) => Promise<Buffer>;

/** Amazon has one certificate for each region, and changes them about once a year. */
const maxKept = 32;
/** How long an address that failed is not asked again. */
const restMs = 15_000;

/** Whether it is the host of SNS in some region, by HTTPS on its usual port. */
export const isSnsHost = (url: URL): boolean =>
  url.protocol === 'https:' &&
  url.port === '' &&
  url.username === '' &&
  url.password === '' &&
  /^sns\.[a-z]{2}(?:-[a-z]+){1,3}-\d\.amazonaws\.com(?:\.cn)?$/.test(url.hostname);

/** The address of a certificate, or null for any that Amazon would not give. */
export function readCertificateUrl(text: string): URL | null {
  if (text.length > 300 || !URL.canParse(text)) return null;
  const url = new URL(text);
  const isPlain = url.search === '' && url.hash === '' && /^\/[A-Za-z0-9_-]{1,100}\.pem$/.test(url.pathname);
  return isPlain && isSnsHost(url) ? url : null;
}

interface Known {
  key: KeyObject;
  fromMs: number;
  toMs: number;
}

function readCertificate(pem: Buffer, url: URL): Known {
  try {
    const certificate = new X509Certificate(pem);
    const key = createPublicKey(certificate.publicKey.export({ format: 'pem', type: 'spki' }));
    if (key.asymmetricKeyType !== 'rsa') throw new TypeError('its key is not RSA');
    return { key, fromMs: Date.parse(certificate.validFrom), toMs: Date.parse(certificate.validTo) };
  } catch (error) {
    const reason = errorText(error);
    throw new AppError('unavailable', `${url.host}: what it gave is no certificate to use: ${reason}`);
  }
}

export interface SnsCertificates {
  /** The key of the certificate at this address, once fetched kept. Rejects with AppError `unavailable`. */
  keyAt(url: URL, nowMs: number): Promise<KeyObject>;
}

export function createSnsCertificates(fetchBytes: FetchBytes): SnsCertificates {
  const known = new Map<string, Known>();
  const pending = new Map<string, Promise<Known>>();
  const failed = new Map<string, { untilMs: number; error: AppError }>();

  async function load(url: URL): Promise<Known> {
    try {
      const found = readCertificate(await fetchBytes(url), url);
      keep(known, url.href, found);
      failed.delete(url.href);
      return found;
    } catch (error) {
      if (error instanceof AppError) keep(failed, url.href, { untilMs: Date.now() + restMs, error });
      throw error;
    }
  }

  return {
    async keyAt(url, nowMs) {
      let found = known.get(url.href);
      if (found === undefined) {
        const failure = failed.get(url.href);
        if (failure !== undefined && Date.now() < failure.untilMs) throw failure.error;
        let loading = pending.get(url.href);
        if (loading === undefined) {
          if (pending.size >= maxKept) throw new AppError('unavailable', 'too many certificates are being fetched');
          loading = load(url).finally(() => pending.delete(url.href));
          pending.set(url.href, loading);
        }
        found = await loading;
      }
      if (nowMs < found.fromMs || nowMs > found.toMs) {
        known.delete(url.href);
        throw new AppError('unavailable', `${url.host}: its certificate is not valid at this time`);
      }
      return found.key;
    },
  };
}

function keep<T>(map: Map<string, T>, name: string, value: T): void {
  const [oldest] = map.keys();
  if (map.size >= maxKept && oldest !== undefined) map.delete(oldest);
  map.set(name, value);
}
