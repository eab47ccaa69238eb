import { isUtf8 } from 'node:buffer';
import type { DeliveryNote } from '../../../shared/contract/deliveries.ts';
import { detectWide } from '../../sources/charset/wide-charsets.ts';
import type { Refusal } from '../answer/answer.ts';
import { isCoding, codings as knownCodings, maxLayers, type ReadCodings, recognizeCoding } from './content-coding.ts';
import { type Inflated, type InflateOptions, inflate } from './inflate.ts';

/** Of the body of a refused delivery. */
export const keptBytes = 64 * 1024;

/** The beginning of a body that was refused, inflated where that could be done, and how long the whole is as sent. */
export interface BodyStart {
  start: Buffer;
  /** As far as it is known: as declared, or what came until it was refused. */
  sizeBytes: number;
}

export type DecodedBody =
  | { kind: 'body'; bytes: Buffer; notes?: readonly DeliveryNote[] | undefined }
  | ({ kind: 'refused'; refusal: Refusal } & BodyStart);

const notEncoded = (names: readonly string[]): DeliveryNote => ({
  code: 'body_not_encoded',
  message: `The header Content-Encoding says ${names.join(', ')}, but the body is not encoded that way. It was read as sent.`,
});

const otherCoding = (named: string, actual: string): DeliveryNote => ({
  code: 'body_other_coding',
  message: `The header Content-Encoding says ${named}, but the body is ${actual}. It was read as that.`,
});

const padded = (coding: string, paddingBytes: number): DeliveryNote => ({
  code: 'body_padding',
  message: `${paddingBytes} bytes of zeros or white space after the end of the ${coding} data of the body were left out.`,
});

const badEncoding = (names: readonly string[]): Refusal => ({
  status: 400,
  code: 'bad_encoding',
  message: `the body is not valid ${names.join(', ')}, which its Content-Encoding says it is`,
});

const tooManyLayers: Refusal = {
  status: 400,
  code: 'bad_encoding',
  message: `the body is encoded more than ${maxLayers} times, which its Content-Encoding says too`,
};

const leftOver = (coding: string, leftBytes: number): Refusal => ({
  status: 400,
  code: 'bad_encoding',
  message: `the body has ${leftBytes} bytes after the end of its ${coding} data that are not part of it`,
});

/** RFC 9110 section 15.5.16: 415 with Accept-Encoding says that it was the coding. */
const unknownEncoding = (name: string): Refusal => ({
  status: 415,
  code: 'unsupported_encoding',
  message: `the Content-Encoding of the body, "${name}", is not one of ${knownCodings.join(', ')}, and the body is not plain text`,
  headers: { 'accept-encoding': 'gzip, deflate, br, zstd' },
});

const firstOf = (bytes: Buffer): Buffer => bytes.subarray(0, keptBytes);

/** Text without control characters at its beginning, which nothing compressed looks like: UTF-8, UTF-16 or one byte a character. */
function isText(bytes: Buffer): boolean {
  if (recognizeCoding(bytes) !== null) return false;
  if (detectWide(bytes) !== null) return true;
  const start = bytes.toString('latin1', 0, 4096);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  if (/[\x00-\x08\x0e-\x1f]/.test(start)) return false;
  return isUtf8(bytes) || (start.match(/[\s -~]/g)?.length ?? 0) * 3 >= start.length * 2;
}

/** Whether the bytes were of the coding at all: bytes after its end are refused, and not taken for another coding. */
const isOfCoding = (inflated: Inflated): boolean => inflated.kind !== 'invalid' || inflated.leftBytes > 0;

type Step = { coding: string; inflated: Inflated } | null;

/**
 * Takes off one coding: the one that is named or, where the bytes are not that, the one that they show, unless its turn
 * comes still: `gzip, deflate` over gzip.
 */
async function takeOff(
  bytes: Buffer,
  named: string,
  codings: readonly string[],
  options: InflateOptions,
): Promise<Step> {
  const inflated = isCoding(named) ? await inflate(bytes, named, options) : null;
  if (inflated !== null && isOfCoding(inflated)) return { coding: named, inflated };
  const actual = recognizeCoding(bytes);
  if (actual !== null && !codings.includes(actual)) {
    const other = await inflate(bytes, actual, options);
    if (isOfCoding(other)) return { coding: actual, inflated: other };
  }
  return null;
}

/**
 * Takes off the codings, the last one first. A coding that the bytes are not in is skipped where the rest makes sense:
 * proxies inflate bodies and leave the header, and some senders put their Accept-Encoding there.
 */
export async function decodeBody(
  received: Buffer,
  { codings, notes }: ReadCodings,
  options: InflateOptions,
): Promise<DecodedBody> {
  const refuse = (refusal: Refusal, start: Buffer): DecodedBody => ({
    kind: 'refused',
    refusal,
    start: firstOf(start),
    sizeBytes: received.length,
  });
  let bytes = received;
  const skipped: string[] = [];
  const found: DeliveryNote[] = [];
  const takenOff: string[] = [];
  for (const named of codings.toReversed()) {
    const step = await takeOff(bytes, named, codings, options);
    if (step === null) {
      // Named twice by a repeated header line, and applied once.
      if (!takenOff.includes(named)) skipped.push(named);
      continue;
    }
    const { coding, inflated } = step;
    takenOff.push(named);
    if (takenOff.length > maxLayers) return refuse(tooManyLayers, received);
    if (inflated.kind === 'refused') return refuse(inflated.refusal, inflated.start);
    if (inflated.kind === 'invalid') return refuse(leftOver(coding, inflated.leftBytes), received);
    if (coding !== named) found.push(otherCoding(named, coding));
    if (inflated.paddingBytes > 0) found.push(padded(coding, inflated.paddingBytes));
    bytes = inflated.bytes;
  }
  if (skipped.length === 0) return { kind: 'body', bytes, notes: [...notes, ...found] };
  const unknown = skipped.find((name) => !isCoding(name));
  if ((takenOff.length === 0 || unknown !== undefined) && !isText(bytes)) {
    return refuse(unknown === undefined ? badEncoding([...new Set(skipped)]) : unknownEncoding(unknown), received);
  }
  return { kind: 'body', bytes, notes: [...notes, ...found, notEncoded([...new Set(skipped)])] };
}
