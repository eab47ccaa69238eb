export const signatureEncodings = ['hex', 'base64', 'base64url'] as const;
export type SignatureEncoding = (typeof signatureEncodings)[number];

const shapes: Record<SignatureEncoding, RegExp> = {
  hex: /^(?:[0-9a-fA-F]{2})+$/,
  base64: /^[A-Za-z0-9+/]+={0,2}$/,
  base64url: /^[A-Za-z0-9_-]+={0,2}$/,
};

/** Bytes of an encoded signature, or null: `Buffer.from` alone would drop what it cannot read without a word. */
export function decodeSignature(text: string, encoding: SignatureEncoding): Buffer | null {
  if (!shapes[encoding].test(text)) return null;
  const bytes = Buffer.from(text, encoding);
  return bytes.length === 0 ? null : bytes;
}
