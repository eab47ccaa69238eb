import { maxSentOutputLength } from '../../channel-limits.ts';
import { OutputDecoder } from '../../output/output-decoder.ts';

export type Stream = 'stdout' | 'stderr';

const maxHeldLength = 16 * 1024;
const maxHeldMs = 100;

/**
 * Takes what this process writes to stdout and stderr (console.* included) off the streams and hands it out in the order
 * it was written, much at a time, so that it stays in order with the end of the run.
 */
export function catchOutput(onText: (stream: Stream, text: string) => void) {
  let held: { stream: Stream; text: string }[] = [];
  let heldLength = 0;
  let timer: NodeJS.Timeout | null = null;
  /** Of what is written as bytes: programs whose output a script passes on may write other text than UTF-8. Most runs write none. */
  const decoders: Record<Stream, OutputDecoder | null> = { stdout: null, stderr: null };

  const flush = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const taken = held;
    held = [];
    heldLength = 0;
    for (const { stream, text } of taken) {
      for (let from = 0; from < text.length; from += maxSentOutputLength) {
        onText(stream, text.slice(from, from + maxSentOutputLength));
      }
    }
  };

  const decode = (stream: Stream, bytes: Buffer): string => {
    const decoder = decoders[stream] ?? new OutputDecoder();
    decoders[stream] = decoder;
    return decoder.write(bytes);
  };

  const write = (stream: Stream, text: string): void => {
    const last = held.at(-1);
    if (last?.stream === stream) last.text += text;
    else held.push({ stream, text });
    heldLength += text.length;
    if (heldLength > maxHeldLength) flush();
    else timer ??= setTimeout(flush, maxHeldMs);
  };

  for (const stream of ['stdout', 'stderr'] as const) {
    process[stream].write = (
      chunk: string | Uint8Array,
      encoding?: BufferEncoding | ((error?: Error | null) => void),
      done?: (error?: Error | null) => void,
    ): boolean => {
      if (typeof chunk !== 'string') write(stream, decode(stream, Buffer.from(chunk)));
      else if (typeof encoding === 'string' && !/^utf-?8$/i.test(encoding))
        write(stream, decode(stream, Buffer.from(chunk, encoding)));
      else write(stream, chunk);
      const callback = typeof encoding === 'function' ? encoding : done;
      // Null as Node's own streams give it: of anything else `console` takes it that the write has failed.
      if (callback !== undefined) process.nextTick(callback, null);
      return true;
    };
  }

  return {
    write,
    flush,
    /** The end of a run: what stands there of a character counts as one. */
    end(): void {
      for (const stream of ['stdout', 'stderr'] as const) {
        const rest = decoders[stream]?.end() ?? '';
        decoders[stream] = null;
        if (rest !== '') write(stream, rest);
      }
      if (held.length > 0) flush();
    },
  };
}

export type CaughtOutput = ReturnType<typeof catchOutput>;
