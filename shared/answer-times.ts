/** How long answers took, counted up to each of these milliseconds; one more count is for those that took longer. */
export const answerBoundsMs = [1, 2, 5, 10, 20, 50, 100, 250, 1000, 5000] as const;

export const noAnswers = (): number[] => new Array<number>(answerBoundsMs.length + 1).fill(0);

/** Adds counts to a sum; of a version with other bounds they are left out. */
export function addAnswers(sum: number[], counts: readonly number[]): void {
  if (counts.length !== sum.length) return;
  counts.forEach((count, index) => {
    sum[index] = (sum[index] ?? 0) + count;
  });
}

export interface AnswerPercentiles {
  p50: number;
  p95: number;
  p99: number;
}

/** In milliseconds, as if answers lay evenly between two bounds; null without any. */
export function answerPercentiles(counts: readonly number[]): AnswerPercentiles | null {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  const at = (share: number): number => {
    let below = 0;
    for (const [index, count] of counts.entries()) {
      const from = index === 0 ? 0 : (answerBoundsMs[index - 1] ?? 0);
      // Beyond the last bound only that is known.
      const to = answerBoundsMs[index] ?? from;
      if (below + count >= share * total && count > 0) return from + ((share * total - below) / count) * (to - from);
      below += count;
    }
    return answerBoundsMs.at(-1) ?? 0;
  };
  const rounded = (ms: number): number => Math.round(ms * 100) / 100;
  return { p50: rounded(at(0.5)), p95: rounded(at(0.95)), p99: rounded(at(0.99)) };
}
