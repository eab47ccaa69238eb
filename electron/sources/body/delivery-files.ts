import type { DeliveryFile } from '../../../shared/contract/deliveries.ts';
import { multipartFiles } from './multipart-form.ts';

/** What could end a header's line, lead into another folder, or make a name look like another. */
const unsafe = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029/\\:*?"<>|]/gu;
const maxNameLength = 120;

/** A name to save a file under: the last part of what a sender called it, without what a file system or a person trips over. */
export function safeFileName(sent: string, index: number): string {
  const last = sent.split(/[/\\]/).at(-1) ?? '';
  const clean = last.replace(unsafe, '_').replace(/^[.\s]+|(?<![.\s])[.\s]+$/g, '');
  const reserved = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i.test(clean);
  if (clean === '' || reserved) return `file-${index + 1}${reserved ? `-${clean}` : ''}`;
  if (clean.length <= maxNameLength) return clean;
  const extension = /\.[A-Za-z0-9]{1,10}$/.exec(clean)?.[0] ?? '';
  return clean.slice(0, maxNameLength - extension.length) + extension;
}

/** The files in the body of a delivery, with their bytes; `contentType` is the delivery's own. */
export const deliveryFiles = (body: Buffer, contentType: string | null): (DeliveryFile & { bytes: Buffer })[] =>
  contentType === null
    ? []
    : multipartFiles(body, contentType).map((file, index) => ({
        index,
        ...file,
        name: safeFileName(file.filename, index),
      }));
