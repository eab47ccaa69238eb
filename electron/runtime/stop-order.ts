/** What the promise to stop within 20 s leaves for the parts: the process itself takes a moment to end. */
const withinMs = 18_000;
/** A part whose turn comes after that is still told to stop; two dozen of them take 1 s. */
const lastChanceMs = 40;
/** One part that hangs must not take the time of those after it, the store among them. Jobs take 10 s. */
const perPartMs = 12_000;

export interface StopOrder {
  /** Parts are stopped in reverse: what was opened last takes from what was opened first. */
  add(part: string, stop: () => unknown): void;
  isStopping(): boolean;
  /** A part that fails is reported and the next one is stopped all the same. Calling again waits for the same end. */
  stop(onError: (part: string, error: unknown) => void): Promise<void>;
}

export function createStopOrder(): StopOrder {
  const parts: { part: string; stop: () => unknown }[] = [];
  let stopped: Promise<void> | null = null;

  async function stopAll(onError: (part: string, error: unknown) => void): Promise<void> {
    const endBy = performance.now() + withinMs;
    for (const { part, stop } of parts.reverse()) {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise((_resolve, reject) => {
        const leftMs = Math.min(perPartMs, Math.max(lastChanceMs, endBy - performance.now()));
        timer = setTimeout(() => reject(new Error(`${part} did not finish in time`)), leftMs);
      });
      try {
        await Promise.race([Promise.resolve().then(stop), late]);
      } catch (error) {
        onError(part, error);
      } finally {
        clearTimeout(timer);
      }
    }
  }

  return {
    add: (part, stop) => parts.push({ part, stop }),
    isStopping: () => stopped !== null,
    stop(onError) {
      stopped ??= stopAll(onError);
      return stopped;
    },
  };
}
