import type { IncomingRequest } from '../../source-types.ts';
import { type ParsedTemplate, parseTemplate, type TemplatePart } from '../../template/parse-template.ts';

const placeholders = {
  body: 'alone',
  header: 'argument',
  id: 'alone',
  method: 'alone',
  query: 'argument',
  timestamp: 'alone',
  url: 'alone',
} as const;

export const parseSigned = (template: string): ParsedTemplate => parseTemplate(template, placeholders);

/** What a signature covers beside the request itself, as its headers say it. */
export interface SignedParts {
  timestamp: string;
  id: string;
}

/** What a signature may be made over, in pieces; text of headers is Latin-1. */
export type SignedContent = readonly (string | Buffer)[];

/**
 * The address as its sender may have called it, of which a signature is held against each: the public address, then
 * what the Host header says. Behind a proxy the protocol on this side says nothing.
 */
export function addressesOf({ target = '', publicUrl = '', headers }: IncomingRequest): string[] {
  const addresses = publicUrl === '' ? [] : [publicUrl.replace(/\/+$/, '') + target];
  const { host } = headers;
  if (host !== undefined) addresses.push(`https://${host}${target}`, `http://${host}${target}`);
  return [...new Set(addresses)];
}

/** HubSpot signs an address with these characters unescaped, however it is written in the request. */
const plainForm = (url: string): string =>
  url.replace(/%(?:3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi, (escaped) => decodeURIComponent(escaped));

const bothForms = (urls: readonly string[]): string[] => [...new Set([...urls, ...urls.map(plainForm)])];

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

function compilePiece(
  part: TemplatePart,
): (request: IncomingRequest, signed: SignedParts, url: string) => string | Buffer {
  if ('text' in part) return () => part.text;
  const argument = part.argument ?? '';
  switch (part.name) {
    case 'body':
      return ({ body }) => body;
    case 'header':
      return ({ headers }) => latin1(headers[argument.toLowerCase()] ?? '');
    case 'id':
      return (_request, { id }) => latin1(id);
    case 'method':
      return ({ method }) => method;
    case 'query':
      return ({ query }) => query.get(argument) ?? '';
    case 'timestamp':
      return (_request, { timestamp }) => latin1(timestamp);
    default:
      return (_request, _signed, url) => url;
  }
}

export type ContentsOf = (request: IncomingRequest, signed: SignedParts) => readonly SignedContent[];

/** What the template stands for; several contents where the address may have been called in several ways. */
export function compileSigned(parts: readonly TemplatePart[], fixedUrl: string | undefined): ContentsOf {
  const pieces = parts.map(compilePiece);
  const hasUrl = parts.some((part) => 'name' in part && part.name === 'url');
  return (request, signed) => {
    const urls = !hasUrl ? [''] : fixedUrl === undefined ? bothForms(addressesOf(request)) : [fixedUrl];
    return urls.map((url) => pieces.map((piece) => piece(request, signed, url)));
  };
}
