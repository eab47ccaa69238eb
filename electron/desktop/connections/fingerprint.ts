/** Chromium's `sha256/<base64>` of a certificate as everyone else prints it: `AB:CD:…`. Null for what is none. */
export function printFingerprint(text: string): string | null {
  const base64 = /^sha256\/([A-Za-z0-9+/]{43}=)$/.exec(text)?.[1];
  if (base64 === undefined) return null;
  return Buffer.from(base64, 'base64').toString('hex').toUpperCase().match(/../g)?.join(':') ?? null;
}
