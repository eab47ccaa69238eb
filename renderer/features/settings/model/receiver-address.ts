import { type ReceiverAddress, receiverAddressSchema } from '../../../../shared/contract/app.ts';

/** `127.0.0.1:8787`, `[::1]:8787`, `localhost:8787`, or a port alone for this machine; null for what is none. */
export function parseReceiverAddress(text: string): ReceiverAddress | null {
  const match = /^(?:(\[[0-9a-fA-F:.]+\]|[^\s:[\]]+):)?(\d{1,5})$/.exec(text.trim());
  if (match === null) return null;
  const host = (match[1] ?? '127.0.0.1').replace(/^\[|\]$/g, '');
  const parsed = receiverAddressSchema.safeParse({ host, port: Number(match[2]) });
  return parsed.success ? parsed.data : null;
}
