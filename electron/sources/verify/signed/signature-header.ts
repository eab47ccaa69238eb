import { decodeSignature, type SignatureEncoding } from '../signature-text.ts';

/** More signatures than this in one header are not looked at. */
const maxSignatures = 8;
const maxPairs = 32;

export interface SignatureForm {
  encoding: SignatureEncoding;
  /** Text before each signature. */
  prefix: string;
  /** Between several signatures, or between pairs. */
  separator: string;
  /** The name of the pairs `name=value` that are signatures; without, the header is the signature. */
  pair?: string | undefined;
}

/** The pairs of a header such as `t=1,v1=ab,v1=cd`, in order. */
export function readPairs(value: string, separator: string): [name: string, value: string][] {
  return value.split(separator, maxPairs).flatMap((text): [string, string][] => {
    const equals = text.indexOf('=');
    return equals <= 0 ? [] : [[text.slice(0, equals).trim(), text.slice(equals + 1).trim()]];
  });
}

/** The signatures in a header. One that does not have the form is left out; a sender may list several while it rotates. */
export function readSignatures(value: string, { encoding, prefix, separator, pair }: SignatureForm): Buffer[] {
  const decode = (text: string): Buffer[] => {
    const signature = text.trim();
    if (!signature.startsWith(prefix)) return [];
    const bytes = decodeSignature(signature.slice(prefix.length).trim(), encoding);
    return bytes === null ? [] : [bytes];
  };
  if (pair !== undefined) {
    const given = readPairs(value, separator).filter(([name]) => name === pair);
    return given.slice(0, maxSignatures).flatMap(([, text]) => decode(text));
  }
  const whole = decode(value);
  return whole.length > 0 ? whole : value.split(separator, maxSignatures).flatMap(decode);
}
