/** The last use of a session or API token is written at most this often. */
const writeEveryMs = 5 * 60 * 1000;

/** `usedAtMs`: as stored; null: never used. */
interface Used {
  id: string;
  usedAtMs: number | null;
}

/** Records uses, in the background: a failed write only leaves the stored time older than it is. */
export function createUseRecorder(
  write: (id: string, nowMs: number) => Promise<unknown>,
  nowMs: () => number,
): (used: Used) => void {
  const beingWritten = new Set<string>();
  return ({ id, usedAtMs }) => {
    const now = nowMs();
    if (beingWritten.has(id) || now - (usedAtMs ?? 0) < writeEveryMs) return;
    beingWritten.add(id);
    write(id, now)
      .catch(() => undefined)
      .finally(() => beingWritten.delete(id));
  };
}
