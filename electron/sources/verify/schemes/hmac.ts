import { createHmac, createSecretKey, type KeyObject, randomUUID } from 'node:crypto';
import { AppError } from '../../../../shared/contract/errors.ts';
import type { Verification } from '../../../../shared/contract/events.ts';
import type { IncomingRequest } from '../../source-types.ts';
import { isSameMac } from '../compare.ts';
import { withAllValues } from '../repeated-headers.ts';
import { createSecretList } from '../secret-list.ts';
import { decodeSignature } from '../signature-text.ts';
import { hmacFields, hmacSchema } from '../signed/hmac-settings.ts';
import { readPairs, readSignatures } from '../signed/signature-header.ts';
import { compileSigned, parseSigned, type SignedContent, type SignedParts } from '../signed/signed-content.ts';
import { checkSignedTime, writeSignedTime } from '../signed/signed-time.ts';
import { signedHeaderCodes } from '../tolerance.ts';
import { defineScheme } from '../verify-scheme.ts';

/** A keyed hash over the raw body, in a header of the sender's choosing. */
export const hmac = defineScheme({
  id: 'hmac',
  label: 'Signature (HMAC)',
  schema: hmacSchema,
  fields: hmacFields,
  prepare(settings, readSecret) {
    const { header, algorithm, encoding, prefix, pair, time, id } = settings;
    const parsed = parseSigned(settings.signed);
    if (!parsed.ok) throw new AppError('invalid_input', `verify.signed ${parsed.problem}`);
    const contentsOf = settings.signed === '{body}' ? null : compileSigned(parsed.parts, settings.url);
    const secrets = createSecretList(settings, readSecret, (secret) => deriveKey(secret, settings.secretEncoding));
    const verifications = Array.from(
      { length: secrets.count },
      (_, i): Verification => ({
        state: 'verified',
        scheme: 'hmac',
        detail: i === 0 ? `${algorithm}, ${header}` : `${algorithm}, ${header}, secret ${i + 1}`,
      }),
    );

    const covers = contentsOf === null ? '' : ` of ${settings.signed}, with`;

    /** Null where a header is missing, which then is said. */
    function readParts(value: string, { headers }: IncomingRequest): SignedParts & { missing: string | null } {
      const inPair = time?.pair === undefined ? undefined : readPairs(value, settings.separator);
      const timestamp =
        time?.header === undefined ? inPair?.find(([name]) => name === time?.pair)?.[1] : headers[time.header];
      const given = id === undefined ? '' : headers[id.header];
      const missing =
        time !== undefined && !timestamp
          ? (time.header ?? `${header} (its pair ${time.pair})`)
          : given === undefined || (id !== undefined && given === '')
            ? (id?.header ?? null)
            : null;
      return { timestamp: timestamp ?? '', id: given ?? '', missing };
    }

    function matches(key: KeyObject, given: readonly Buffer[], contents: Iterable<SignedContent>): boolean {
      for (const content of contents) {
        const mac = createHmac(algorithm, key);
        for (const piece of content) mac.update(piece);
        const expected = mac.digest();
        if (given.some((signature) => isSameMac(signature, expected))) return true;
      }
      return false;
    }

    return {
      verify(request) {
        const value = withAllValues(request, [header])[header];
        if (value === undefined || value === '') {
          return {
            ok: false,
            code: 'signature_missing',
            message: `the header ${header} is missing, which should carry the signature`,
          };
        }
        const given = readSignatures(value, settings);
        if (given.length === 0) {
          const form = prefix === '' ? encoding : `"${prefix}" and ${encoding}`;
          const expected = pair === undefined ? form : `pairs "${pair}=…" with ${form}`;
          return {
            ok: false,
            code: 'signature_malformed',
            message: `the header ${header} does not hold a signature in the form of this source, which is ${expected}`,
          };
        }
        let contents: Iterable<SignedContent> = [[request.body]];
        if (contentsOf !== null) {
          const parts = readParts(value, request);
          if (parts.missing !== null) {
            const message = `the header ${parts.missing} is missing, which the signature covers`;
            return { ok: false, code: 'signature_missing', message };
          }
          const untimely = time === undefined ? null : checkSignedTime(parts.timestamp, request.receivedAtMs, time);
          if (untimely !== null) return { ok: false, ...untimely };
          contents = contentsOf(request, parts);
        }
        const found = secrets.find((key) => matches(key, given, contents));
        const verification = verifications[found];
        if (verification !== undefined) return { ok: true, verification };
        return {
          ok: false,
          code: 'signature_mismatch',
          message:
            `the signature in ${header} does not match ${algorithm}${covers === '' ? ' over' : covers} the ${request.body.length} bytes of the body: ` +
            'check that both sides have the same secret and that nothing on the way changes the body' +
            (settings.signed.includes('{url}')
              ? ', and that the public address in the settings is the one that the sender has'
              : ''),
        };
      },
      sign({ body, contentType, nowMs, method = 'POST', url }) {
        const timestamp = time === undefined ? '' : writeSignedTime(nowMs, time.unit);
        const parts: SignedParts = { timestamp, id: id === undefined ? '' : randomUUID() };
        const headers: Record<string, string> = {
          'content-type': contentType,
          ...(time?.header === undefined ? {} : { [time.header]: timestamp }),
          ...(id === undefined ? {} : { [id.header]: parts.id }),
        };
        const address = settings.url ?? url;
        if (parsed.parts.some((part) => 'name' in part && !canSign(part, headers, address))) return null;
        const request = {
          method,
          subpath: '',
          query: new URLSearchParams(),
          headers,
          body,
          remoteAddress: '',
          receivedAtMs: nowMs,
        };
        const mac = createHmac(algorithm, secrets.first());
        const [content = []] = compileSigned(parsed.parts, address ?? '')(request, parts);
        for (const piece of content) mac.update(piece);
        const signature = prefix + mac.digest(encoding);
        const { 'content-type': _type, ...added } = headers;
        const inPair = time?.pair === undefined ? '' : `${time.pair}=${timestamp}${settings.separator}`;
        return { ...added, [header]: pair === undefined ? signature : `${inPair}${pair}=${signature}` };
      },
      problem: secrets.problem,
      challenge: 'HMAC',
      isOpen: false,
      codesWithoutBody: time === undefined ? ['signature_missing', 'signature_malformed'] : signedHeaderCodes,
      masking: { clearHeaders: [], clearQuery: [], keepHeaders: [header] },
    };
  },
});

/** A KeyObject made once: bytes as the key cost 13 µs more for each delivery. */
function deriveKey(secret: string, encoding: 'utf8' | 'base64' | 'hex'): KeyObject {
  if (encoding === 'utf8') return createSecretKey(secret, 'utf8');
  const bytes = decodeSignature(secret.trim(), encoding);
  if (bytes === null) throw new AppError('unavailable', `the secret is not ${encoding}`);
  return createSecretKey(bytes);
}

/** Whether a test of our own can fill the placeholder. */
const canSign = (
  { name, argument }: { name: string; argument: string | null },
  headers: Readonly<Record<string, string>>,
  url: string | undefined,
): boolean =>
  name === 'url'
    ? url !== undefined
    : name === 'header'
      ? Object.hasOwn(headers, argument?.toLowerCase() ?? '')
      : name !== 'query';
