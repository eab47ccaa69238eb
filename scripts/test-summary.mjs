/** What one runner found: `{passed, failed, skipped}`. */
export const noTests = { passed: 0, failed: 0, skipped: 0 };

/**
 * Reads a Vitest JSON report. A file that could not be loaded has no tests and still counts as one failure.
 */
export function readVitestReport(report) {
  const brokenFiles = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + brokenFiles.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/**
 * Reads a Playwright JSON report. A test that passed on a retry has passed; an error outside of the tests (a file that could not be
 * loaded, a web server that did not start) counts as one failure each.
 */
export function readPlaywrightReport(report) {
  const { expected, unexpected, flaky, skipped } = report.stats;
  return { passed: expected + flaky, failed: unexpected + (report.errors?.length ?? 0), skipped };
}

/**
 * What a runner's result counts for: its report, plus one failure when it failed without saying why in a test (it crashed,
 * wrote no report, an error outside of the tests) or when it ran nothing at all.
 */
export function judgeRunner({ exitCode, counts }) {
  const found = counts ?? noTests;
  const isUnexplained = exitCode !== 0 && found.failed === 0;
  const hasRunNothing = found.passed + found.failed === 0;
  return isUnexplained || hasRunNothing ? { ...found, failed: found.failed + 1 } : found;
}

export function sum(results) {
  return results.reduce(
    (total, result) => ({
      passed: total.passed + result.passed,
      failed: total.failed + result.failed,
      skipped: total.skipped + result.skipped,
    }),
    noTests,
  );
}

/** The last line of `npm test`. */
export function formatSummary({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
