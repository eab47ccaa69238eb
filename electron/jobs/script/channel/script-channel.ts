import { writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { z } from 'zod';
import { errorCode } from '../../../../shared/error-code.ts';
import { maxFrameBytes, printBytes } from '../../channel-limits.ts';
import { createLineReader } from '../../process/line-reader.ts';
import { createSeal, type Seal } from './script-seal.ts';

export const channelDescriptor = 3;

/** The app's first line, before anything of the script is loaded. */
export const helloSchema = z.object({
  /** Of the seal on all other lines. */
  key: z.string().length(128),
  /** Parts of Node that runs of this job load later on. */
  preload: z.array(z.string()),
  /** The process is used for one run alone. */
  isSingleUse: z.boolean(),
  /** No run waits for it yet: it may take its time to be quicker with the first. */
  isSpare: z.boolean(),
  /** Absolute path → SHA-256 of files that were approved; null: no approval is needed. */
  approved: z.record(z.string(), z.string()).nullable(),
});
export type Hello = z.infer<typeof helloSchema>;

export interface ScriptChannel {
  /** JSON text of a message. Throws when it is too long. */
  send(text: string): void;
}

// Kept as they were before a script was loaded, which may replace them.
const { apply } = Reflect;
const { from: bufferFrom, byteLength } = Buffer;
const { wait } = Atomics;
const write = writeSync;
const { exit } = process;
const pause = new Int32Array(new SharedArrayBuffer(4));

export function openChannel(onHello: (hello: Hello) => void, onMessage: (text: string) => void): ScriptChannel {
  let seal: Seal | null = null;
  const socket = new Socket({ fd: channelDescriptor, readable: true, writable: false });
  socket.on(
    'data',
    createLineReader((line) => {
      if (seal === null) {
        const hello = helloSchema.parse(JSON.parse(line));
        seal = createSeal(hello.key, 'worker');
        onHello(hello);
        return;
      }
      if (line === '') return;
      const opened = seal.open(line);
      if (opened.kind === 'text') onMessage(opened.text);
      // A script can find this socket and put data on it; what is not from the app says nothing here.
      else if (opened.kind === 'gap') apply(exit, process, [1]);
    }),
  );
  // The app is gone or wants this worker gone.
  socket.on('close', () => apply(exit, process, [0]));
  socket.on('error', () => apply(exit, process, [0]));

  return {
    /**
     * Written immediately and in order, whatever the script does next, even if it never lets the event loop turn again. A full
     * pipe holds the script back, which bounds the memory of both sides.
     */
    send(text) {
      const size: number = apply(byteLength, Buffer, [text]);
      if (size > maxFrameBytes) throw new Error(`A message of ${printBytes(size)} cannot be sent.`);
      if (seal === null) return;
      const bytes: Buffer = apply(bufferFrom, Buffer, [seal.close(text)]);
      let from = 0;
      while (from < bytes.length) {
        try {
          from += write(channelDescriptor, bytes, from);
        } catch (error) {
          const code = errorCode(error);
          if (code !== 'EAGAIN') apply(exit, process, [1]);
          wait(pause, 0, 0, 1);
        }
      }
    },
  };
}
