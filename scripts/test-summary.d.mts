interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

export function readVitestReport(report: {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: { status: string; assertionResults: unknown[] }[];
}): Counts;
export function readPlaywrightReport(report: {
  stats: { expected: number; unexpected: number; flaky: number; skipped: number };
  errors?: unknown[];
}): Counts;
export function judgeRunner(result: { exitCode: number; counts: Counts | undefined }): Counts;
export function sum(results: Counts[]): Counts;
export function formatSummary(counts: Counts): string;
