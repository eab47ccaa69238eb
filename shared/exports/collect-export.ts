interface Piece {
  head: string;
  text: string;
  between: string;
  tail: string;
  events: number;
  skipped: number;
  nextCursor: string | null;
}

export interface ExportProgress {
  events: number;
  skipped: number;
}

/**
 * Fetches the pieces of a file one after the other and passes each on to `write`, so that never more than one is held.
 * Ends with an error where `signal` is aborted.
 */
export async function collectExport(
  fetchPiece: (cursor: string | null) => Promise<Piece>,
  write: (text: string) => void | Promise<void>,
  options: { signal?: AbortSignal; onProgress?: (progress: ExportProgress) => void } = {},
): Promise<ExportProgress> {
  const done: ExportProgress = { events: 0, skipped: 0 };
  let cursor: string | null = null;
  let isEmpty = true;
  let isFirst = true;
  for (;;) {
    options.signal?.throwIfAborted();
    const piece: Piece = await fetchPiece(cursor);
    options.signal?.throwIfAborted();
    done.events += piece.events;
    done.skipped += piece.skipped;
    if (isFirst) await write(piece.head);
    isFirst = false;
    if (piece.text !== '') await write(isEmpty ? piece.text : piece.between + piece.text);
    isEmpty = isEmpty && piece.text === '';
    options.onProgress?.({ ...done });
    if (piece.nextCursor === null) {
      // A line ends; where there is none, none ends.
      if (!isEmpty || piece.tail.trim() !== '') await write(piece.tail);
      return done;
    }
    cursor = piece.nextCursor;
  }
}
