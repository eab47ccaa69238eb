const lineEnd = Buffer.from('\r\n');
const trailers = /^(?:[!-9;-~]+:[^\r\n]*\r\n)*(?:\r\n)?$/;

/**
 * The content of a body in Amazon's `aws-chunked` coding: chunks as in HTTP/1.1 whose sizes may be followed by a
 * signature, then trailers. Null for anything else. Signatures are not checked: they need the sender's AWS keys.
 */
export function decodeAwsChunked(bytes: Buffer): Buffer | null {
  const chunks: Buffer[] = [];
  let at = 0;
  for (;;) {
    const end = bytes.indexOf(lineEnd, at);
    if (end === -1) return null;
    const size = /^([0-9a-f]{1,8})(?:;|$)/i.exec(bytes.toString('latin1', at, Math.min(end, at + 16)))?.[1];
    if (size === undefined) return null;
    const sizeBytes = Number.parseInt(size, 16);
    if (sizeBytes === 0) return trailers.test(bytes.toString('latin1', end + 2)) ? Buffer.concat(chunks) : null;
    const start = end + 2;
    at = start + sizeBytes + 2;
    if (at > bytes.length || bytes[at - 2] !== 0x0d || bytes[at - 1] !== 0x0a) return null;
    chunks.push(bytes.subarray(start, start + sizeBytes));
  }
}
