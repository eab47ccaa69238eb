import type { IncomingMessage } from 'node:http';
import type { DeliveryDraft } from '../intake/intake-types.ts';
import { isSecretHeaderName, isSecretQueryName } from '../sources/sensitive-names.ts';
import type { Masking } from '../sources/source-types.ts';

/** Lower case and whether the name looks secret, of the names in use: senders repeat the same few dozen. */
const knownNames = new Map<string, { name: string; isSecret: boolean }>();

function knownName(raw: string): { name: string; isSecret: boolean } {
  let known = knownNames.get(raw);
  if (known === undefined) {
    const name = raw.toLowerCase();
    known = { name, isSecret: isSecretHeaderName(name) };
    if (knownNames.size >= 2000) knownNames.clear();
    knownNames.set(raw, known);
  }
  return known;
}

const mask = '***';

/** Keeps the scheme of `Basic …` and `Bearer …`, which helps to see what a sender does and is no secret. */
function maskHeader(name: string, value: string): string {
  const scheme = name.endsWith('authorization') ? /^[A-Za-z][A-Za-z0-9-]* (?=.)/.exec(value)?.[0] : undefined;
  return (scheme ?? '') + mask;
}

/** Headers as a source sees them. Repeats are joined by `, ` (RFC 9110 section 5.3), which Node does not do for all. */
export function readHeaders(raw: readonly string[]): Readonly<Record<string, string>> {
  const headers: Record<string, string> = Object.create(null);
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const { name } = knownName(raw[i] ?? '');
    const value = raw[i + 1] ?? '';
    const earlier = headers[name];
    headers[name] = earlier === undefined ? value : `${earlier}, ${value}`;
  }
  return headers;
}

/** Headers as they are stored: in order, repeats apart, secrets that were sent in clear masked. */
export function recordHeaders(
  raw: readonly string[],
  masking: Masking | undefined,
  maxHeaders: number,
): [string, string][] {
  const recorded: [string, string][] = [];
  const end = Math.min(raw.length, maxHeaders * 2);
  for (let i = 0; i + 1 < end; i += 2) {
    const { name, isSecret } = knownName(raw[i] ?? '');
    const value = raw[i + 1] ?? '';
    const hide =
      masking === undefined
        ? isSecret
        : masking.clearHeaders.includes(name) || (isSecret && !masking.keepHeaders.includes(name));
    recorded.push([name, hide ? maskHeader(name, value) : value]);
  }
  return recorded;
}

function decodeName(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

/** Path and query with the values of secret parameters masked, and all else letter for letter. */
export function maskUrl(url: string, clearQuery: readonly string[]): string {
  const question = url.indexOf('?');
  if (question === -1) return url;
  const parts = url.slice(question + 1).split('&');
  const masked = parts.map((part) => {
    const equals = part.indexOf('=');
    if (equals === -1) return part;
    const name = decodeName(part.slice(0, equals));
    return isSecretQueryName(name) || clearQuery.includes(name) ? `${part.slice(0, equals)}=${mask}` : part;
  });
  return `${url.slice(0, question)}?${masked.join('&')}`;
}

/** What is kept of a request, its body still to come. */
export function draftDelivery(
  req: IncomingMessage,
  about: {
    source: string | null;
    masking: Masking | undefined;
    remoteAddress: string;
    nowMs: number;
    maxHeaders: number;
  },
): DeliveryDraft {
  return {
    source: about.source,
    receivedAtMs: about.nowMs,
    method: req.method ?? '',
    url: maskUrl(req.url ?? '', about.masking?.clearQuery ?? []),
    remoteAddress: about.remoteAddress,
    contentType: req.headers['content-type'] ?? null,
    headers: recordHeaders(req.rawHeaders, about.masking, about.maxHeaders),
    body: noBody,
  };
}

const noBody = Buffer.alloc(0);
