import type { DeliveryDraft } from '../../intake/intake-types.ts';
import { readRawText } from '../../sources/charset/raw-text.ts';
import { isSecretQueryName } from '../../sources/redact/sensitive-names.ts';
import type { Masking } from '../../sources/source-types.ts';
import { knownName } from './header-names.ts';

const mask = '***';

/** Keeps the scheme of `Basic …` and `Bearer …`, which helps to see what a sender does and is no secret. */
function maskHeader(name: string, value: string): string {
  const scheme = name.endsWith('authorization') ? /^[A-Za-z][A-Za-z0-9-]* (?=.)/.exec(value)?.[0] : undefined;
  return (scheme ?? '') + mask;
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
    const value = readRawText(raw[i + 1] ?? '');
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

/** The first part of a request, from Node or out of bytes that its parser did not take. */
export interface RequestHead {
  method?: string | undefined;
  url?: string | undefined;
  /** Names and values in turn. */
  rawHeaders: readonly string[];
}

function findContentType(raw: readonly string[]): string | null {
  for (let i = 0; i + 1 < raw.length; i += 2) {
    if (knownName(raw[i] ?? '').name === 'content-type') return raw[i + 1] ?? null;
  }
  return null;
}

/** What is kept of a request, its body still to come. */
export function draftDelivery(
  head: RequestHead,
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
    method: head.method ?? '',
    url: maskUrl(head.url ?? '', about.masking?.clearQuery ?? []),
    remoteAddress: about.remoteAddress,
    contentType: findContentType(head.rawHeaders),
    headers: recordHeaders(head.rawHeaders, about.masking, about.maxHeaders),
    body: noBody,
  };
}

const noBody = Buffer.alloc(0);
