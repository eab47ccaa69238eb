type Line = [stream: 'stdout' | 'stderr', text: string];

const maxHeldLength = 16 * 1024;
const maxHeldMs = 100;

/**
 * Takes what this process writes to stdout and stderr (console.* included) off the streams and hands it out as lines,
 * many at a time, so that they stay in order with the end of the run.
 */
export function catchOutput(onLines: (lines: Line[]) => void) {
  let lines: Line[] = [];
  let heldLength = 0;
  let timer: NodeJS.Timeout | null = null;
  const partial = { stdout: '', stderr: '' };

  const hand = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (lines.length === 0) return;
    const taken = lines;
    lines = [];
    heldLength = 0;
    onLines(taken);
  };

  const write = (stream: Line[0], text: string): void => {
    const end = text.lastIndexOf('\n');
    if (end === -1) {
      partial[stream] += text;
    } else {
      lines.push([stream, partial[stream] + text.slice(0, end)]);
      partial[stream] = text.slice(end + 1);
    }
    // Without line ends the text is cut as a pipe would cut it: nothing here may grow without bound.
    if (partial[stream].length > maxHeldLength) {
      lines.push([stream, partial[stream]]);
      partial[stream] = '';
    }
    heldLength += text.length;
    if (heldLength > maxHeldLength) hand();
    else timer ??= setTimeout(hand, maxHeldMs);
  };

  for (const stream of ['stdout', 'stderr'] as const) {
    process[stream].write = (
      chunk: string | Uint8Array,
      encoding?: BufferEncoding | ((error?: Error | null) => void),
      done?: (error?: Error | null) => void,
    ): boolean => {
      const named = typeof encoding === 'string' ? encoding : undefined;
      write(stream, typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString(named ?? 'utf8'));
      const callback = typeof encoding === 'function' ? encoding : done;
      if (callback !== undefined) process.nextTick(callback);
      return true;
    };
  }

  return {
    write,
    /** Hands out everything, half lines too. */
    flush(): void {
      for (const stream of ['stdout', 'stderr'] as const) {
        if (partial[stream] !== '') lines.push([stream, partial[stream]]);
        partial[stream] = '';
      }
      hand();
    },
  };
}
