export interface LineReaderDeps {
  /** Of one line; absent: the other side is the app itself. */
  maxBytes?: number;
  /** A line is longer. Nothing is read after it. */
  onTooLong?: () => void;
}

const firstHeldBytes = 64 * 1024;

/** Cuts a stream of bytes into documents, one a line. What is held of a line takes no more memory than twice its bytes. */
export function createLineReader(
  onLine: (line: string) => void,
  { maxBytes = Number.POSITIVE_INFINITY, onTooLong }: LineReaderDeps = {},
): (chunk: Buffer) => void {
  let held = Buffer.alloc(0);
  let heldBytes = 0;
  let isClosed = false;

  const hold = (piece: Buffer): boolean => {
    const bytes = heldBytes + piece.length;
    if (bytes > maxBytes) {
      isClosed = true;
      held = Buffer.alloc(0);
      onTooLong?.();
      return false;
    }
    if (bytes > held.length) {
      const grown = Buffer.allocUnsafe(Math.max(firstHeldBytes, bytes, Math.min(2 * held.length, maxBytes)));
      held.copy(grown, 0, 0, heldBytes);
      held = grown;
    }
    piece.copy(held, heldBytes);
    heldBytes = bytes;
    return true;
  };

  return (chunk) => {
    let from = 0;
    for (let end = chunk.indexOf(10); end !== -1 && !isClosed; end = chunk.indexOf(10, from)) {
      const piece = chunk.subarray(from, end);
      from = end + 1;
      if (heldBytes === 0 && piece.length <= maxBytes) {
        onLine(piece.toString('utf8'));
      } else if (hold(piece)) {
        const line = held.toString('utf8', 0, heldBytes);
        heldBytes = 0;
        // A long line was an exception: its memory is not kept.
        if (held.length > firstHeldBytes) held = Buffer.alloc(0);
        onLine(line);
      }
    }
    if (from < chunk.length && !isClosed) hold(chunk.subarray(from));
  };
}
