export interface ContentType {
  /** Lower case, without parameters; empty when there is none. */
  mediaType: string;
  /** As the sender spells it, in lower case; null when it names none. */
  charset: string | null;
  /** Of multipart bodies, letter for letter. */
  boundary: string | null;
}

const parameter = (header: string, name: string): string | null => {
  const found = new RegExp(`;\\s*${name}\\s*=\\s*(?:"([^"]{0,200})"|'([^']{0,200})'|([^\\s;"']{1,200}))`, 'i').exec(
    header,
  );
  return found?.[1] ?? found?.[2] ?? found?.[3] ?? null;
};

/** Senders repeat the same few; each boundary of a multipart body is another, so it is emptied now and then. */
const known = new Map<string, ContentType>();

export function parseContentType(header: string | undefined): ContentType {
  const text = header ?? '';
  let parsed = known.get(text);
  if (parsed === undefined) {
    parsed = parse(text);
    if (known.size >= 500) known.clear();
    if (text.length <= 200) known.set(text, parsed);
  }
  return parsed;
}

function parse(text: string): ContentType {
  const semicolon = text.indexOf(';');
  if (semicolon === -1) return { mediaType: text.trim().toLowerCase(), charset: null, boundary: null };
  const charset = parameter(text, 'charset');
  return {
    mediaType: text.slice(0, semicolon).trim().toLowerCase(),
    charset: charset === null || charset.trim() === '' ? null : charset.trim().toLowerCase(),
    boundary: parameter(text, 'boundary'),
  };
}

export const isJsonType = (mediaType: string): boolean =>
  mediaType === 'application/json' || mediaType === 'text/json' || mediaType.endsWith('+json');

export const isMarkupType = (mediaType: string): boolean =>
  mediaType.endsWith('/xml') || mediaType.endsWith('+xml') || mediaType === 'text/html';

/** Whether a body of this type is meant to be text, so that bytes that are no UTF-8 are text in another charset. */
export const isTextType = (mediaType: string): boolean =>
  mediaType.startsWith('text/') ||
  isJsonType(mediaType) ||
  isMarkupType(mediaType) ||
  /^application\/(?:x-www-form-urlencoded|(?:x-)?(?:javascript|yaml|ndjson|jsonlines|sql|csv)|graphql)$/.test(
    mediaType,
  );
