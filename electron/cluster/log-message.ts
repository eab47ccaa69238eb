import { z } from 'zod';
import { parseExact } from '../../shared/exact-json/parse-exact.ts';
import { stringifyExact } from '../../shared/exact-json/stringify-exact.ts';

/** Of the messages that this version writes and understands. Raised when an older node could not apply one. */
export const messageVersion = 1;

export interface LogMessage {
  /** Of this message alone. */
  id: string;
  command: string;
  args: unknown[];
}

/** A node of a newer version has written to the log. */
export class NewerMessageError extends Error {
  constructor(version: number) {
    super(
      `The log of the cluster has entries of a newer Signalbox (format ${version}, this node knows ${messageVersion}); update this node.`,
    );
    this.name = 'NewerMessageError';
  }
}

const headSchema = z.object({ v: z.number() });
/** Arguments are in lists of one or none, since JSON has no `undefined`. */
const bodySchema = z.object({ id: z.string(), c: z.string(), a: z.array(z.array(z.unknown()).max(1)) });
const storedSchema = z.object({ blob: z.string() });

export const encodeMessage = ({ id, command, args }: LogMessage): Buffer =>
  Buffer.from(
    stringifyExact({ v: messageVersion, id, c: command, a: args.map((arg) => (arg === undefined ? [] : [arg])) }),
  );

/** Where a message is too large for NATS, this stands in the log for an object that holds it. */
export const encodeStored = (name: string): Buffer => Buffer.from(JSON.stringify({ v: messageVersion, blob: name }));

/** Throws for what is no message of this version. */
export function decodeMessage(bytes: Uint8Array): LogMessage | { blob: string } {
  const json = parseExact(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString());
  const { v } = headSchema.parse(json);
  if (v > messageVersion) throw new NewerMessageError(v);
  const stored = storedSchema.safeParse(json);
  if (stored.success) return { blob: stored.data.blob };
  const { id, c, a } = bodySchema.parse(json);
  return { id, command: c, args: a.map(([arg]) => arg) };
}
