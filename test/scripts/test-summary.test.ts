import { describe, expect, it } from 'vitest';
import {
  formatSummary,
  judgeRunner,
  readPlaywrightReport,
  readVitestReport,
  sum,
} from '../../scripts/test-summary.mjs';

describe('readVitestReport', () => {
  const counts = { numPassedTests: 5, numFailedTests: 1, numPendingTests: 2, numTodoTests: 1 };

  it('counts tests', () => {
    const testResults = [{ status: 'failed', assertionResults: [{}] }];
    expect(readVitestReport({ ...counts, testResults })).toEqual({ passed: 5, failed: 1, skipped: 3 });
  });

  it('counts a file that could not be loaded as a failure', () => {
    const testResults = [{ status: 'failed', assertionResults: [] }];
    expect(readVitestReport({ ...counts, testResults }).failed).toBe(2);
  });
});

describe('readPlaywrightReport', () => {
  it('counts a test that passed on a retry as passed, and errors outside of tests as failed', () => {
    const stats = { expected: 3, unexpected: 1, flaky: 1, skipped: 2 };
    expect(readPlaywrightReport({ stats, errors: [{}] })).toEqual({ passed: 4, failed: 2, skipped: 2 });
  });
});

describe('judgeRunner', () => {
  const counts = { passed: 2, failed: 0, skipped: 0 };

  it('takes a clean run as it is', () => {
    expect(judgeRunner({ exitCode: 0, counts })).toEqual(counts);
  });

  it('does not count a failing exit twice when tests have failed', () => {
    expect(judgeRunner({ exitCode: 1, counts: { ...counts, failed: 1 } }).failed).toBe(1);
  });

  it('fails a runner that exits badly though every test passed', () => {
    expect(judgeRunner({ exitCode: 1, counts }).failed).toBe(1);
  });

  it('fails a runner that ran nothing or wrote no report', () => {
    expect(judgeRunner({ exitCode: 0, counts: { passed: 0, failed: 0, skipped: 3 } }).failed).toBe(1);
    expect(judgeRunner({ exitCode: 1, counts: undefined }).failed).toBe(1);
  });
});

describe('the last line', () => {
  it('sums every runner', () => {
    const total = sum([
      { passed: 1, failed: 0, skipped: 0 },
      { passed: 2, failed: 3, skipped: 0 },
    ]);
    expect(formatSummary(total)).toBe('3 passed, 3 failed');
  });

  it('mentions skipped tests only when there are some', () => {
    expect(formatSummary({ passed: 1, failed: 0, skipped: 2 })).toBe('1 passed, 0 failed, 2 skipped');
  });
});
