import { createSign, type KeyObject } from 'node:crypto';

/** DER: tag, length, content. */
function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const length =
    content.length < 0x80
      ? Buffer.from([content.length])
      : Buffer.from([0x82, content.length >> 8, content.length & 0xff]);
  return Buffer.concat([Buffer.from([tag]), length, content]);
}
const seq = (...parts: Buffer[]): Buffer => der(0x30, ...parts);
const hex = (text: string): Buffer => Buffer.from(text, 'hex');
const utcTime = (ms: number): Buffer =>
  der(0x17, Buffer.from(`${new Date(ms).toISOString().slice(2, 19).replace(/[-:T]/g, '')}Z`));

/** A certificate (RFC 5280) for a name, signed by its own RSA key with SHA-256; Node can read them but makes none. */
export function selfSigned(
  { publicKey, privateKey }: { publicKey: KeyObject; privateKey: KeyObject },
  name: string,
  validity = { fromMs: Date.now() - 86_400_000, toMs: Date.now() + 86_400_000 },
): string {
  const algorithm = seq(hex('06092a864886f70d01010b'), hex('0500'));
  const subject = seq(der(0x31, seq(hex('0603550403'), der(0x0c, Buffer.from(name)))));
  const alternative = seq(hex('0603551d11'), der(0x04, seq(der(0x82, Buffer.from(name)))));
  const body = seq(
    der(0xa0, hex('020102')),
    hex('020131'),
    algorithm,
    subject,
    seq(utcTime(validity.fromMs), utcTime(validity.toMs)),
    subject,
    publicKey.export({ format: 'der', type: 'spki' }),
    der(0xa3, seq(alternative)),
  );
  const signature = createSign('sha256').update(body).sign(privateKey);
  const certificate = seq(body, algorithm, der(0x03, Buffer.from([0]), signature));
  return `-----BEGIN CERTIFICATE-----\n${certificate.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`;
}
