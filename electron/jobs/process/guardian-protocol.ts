import { z } from 'zod';
import { maxGuardianFrameBytes } from '../channel-limits.ts';
import { leftSchema } from './left-processes.ts';

/** To the guardian, one JSON document a line. */
export const toGuardianSchema = z.discriminatedUnion('t', [
  z.object({
    t: z.literal('spawn'),
    id: z.number(),
    program: z.string(),
    args: z.array(z.string()),
    /** Windows: the arguments are a line that is quoted already. */
    verbatim: z.boolean(),
    cwd: z.string(),
    env: z.record(z.string(), z.string()),
    /** File that becomes its stdin. */
    stdin: z.string(),
    /** Its stdin stays open after that, for `input`. */
    keepsInput: z.boolean(),
    mark: z.string(),
  }),
  /** More for the stdin of a command. */
  z.object({ t: z.literal('input'), id: z.number(), text: z.string() }),
  /** What carries this mark must go, or is told of (`ends: false`); answered with `swept` when it has. */
  z.object({ t: z.literal('sweep'), mark: z.string(), ends: z.boolean(), ack: z.number() }),
]);
export type ToGuardian = z.infer<typeof toGuardianSchema>;
export type SpawnOrder = Omit<Extract<ToGuardian, { t: 'spawn' }>, 't' | 'id'>;

export const fromGuardianSchema = z.discriminatedUnion('t', [
  z.object({ t: z.literal('spawned'), id: z.number(), pid: z.number() }),
  z.object({ t: z.literal('failed'), id: z.number(), code: z.string().nullable(), message: z.string() }),
  /** The process is gone, its group too, and all of its output was sent. */
  z.object({ t: z.literal('ended'), id: z.number(), code: z.number().nullable(), signal: z.string().nullable() }),
  /** What the run with this mark had left; comes before `swept`. */
  z.object({ t: z.literal('left'), mark: z.string(), left: leftSchema }),
  /** These marks were looked for. */
  z.object({ t: z.literal('swept'), acks: z.array(z.number()), marks: z.array(z.string()) }),
]);
export type FromGuardian = z.infer<typeof fromGuardianSchema>;

/**
 * From the guardian come frames: length of the body and id of the command (4 bytes each, little-endian), kind (1 byte),
 * body. A message is JSON and says itself which command it is about.
 */
export const frameKinds = { message: 0, stdout: 1, stderr: 2 } as const;
const headerBytes = 9;

export function frame(kind: number, id: number, body: Buffer): Buffer {
  const whole = Buffer.allocUnsafe(headerBytes + body.length);
  whole.writeUInt32LE(body.length, 0);
  whole.writeUInt32LE(id, 4);
  whole.writeUInt8(kind, 8);
  body.copy(whole, headerBytes);
  return whole;
}

/** Throws for a frame that is longer than any the guardian sends. */
export function createFrameReader(onFrame: (kind: number, id: number, body: Buffer) => void): (chunk: Buffer) => void {
  let held: Buffer[] = [];
  let heldBytes = 0;
  let wanted = headerBytes;
  return (chunk) => {
    heldBytes += chunk.length;
    if (heldBytes < wanted) {
      held.push(chunk);
      return;
    }
    // Joined only when a whole frame is there, so that its bytes are copied once.
    let bytes = held.length === 0 ? chunk : Buffer.concat([...held, chunk]);
    wanted = headerBytes;
    while (bytes.length >= wanted) {
      const length = bytes.readUInt32LE(0);
      if (length > maxGuardianFrameBytes) throw new Error(`the guardian sent a frame of ${length} bytes`);
      wanted = headerBytes + length;
      if (bytes.length < wanted) break;
      onFrame(bytes.readUInt8(8), bytes.readUInt32LE(4), bytes.subarray(headerBytes, wanted));
      bytes = bytes.subarray(wanted);
      wanted = headerBytes;
    }
    held = bytes.length === 0 ? [] : [bytes];
    heldBytes = bytes.length;
  };
}
