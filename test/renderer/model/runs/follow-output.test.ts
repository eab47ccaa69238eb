import { beforeEach, describe, expect, it, vi } from 'vitest';
import { emptyOutput, type RunOutput } from '../../../../renderer/model/runs/run-output.ts';
import type { OutputLine } from '../../../../shared/contract/runs.ts';
import { eventually } from '../../../support/eventually.ts';

type Wrote = { items: (OutputLine & { runId: string; attempt: number })[] };
const far = vi.hoisted(() => ({
  call: vi.fn<(name: string, input: unknown) => Promise<unknown>>(),
  push: (_value: Wrote): void => undefined,
  gap: (): void => undefined,
}));
vi.mock('../../../../renderer/client/index.ts', () => ({
  call: far.call,
  onPush: (_name: string, listener: (value: Wrote) => void) => {
    far.push = listener;
    return () => {
      far.push = () => undefined;
    };
  },
  onGap: (listener: () => void) => {
    far.gap = listener;
    return () => {
      far.gap = () => undefined;
    };
  },
  toAppError: (error: unknown) => error,
}));
const { followOutput } = await import('../../../../renderer/model/runs/follow-output.ts');

const line = (n: number): OutputLine => ({
  stream: 'stdout',
  text: `line ${n}`,
  at: new Date(1_000_000 + n).toISOString(),
});
const wrote = (n: number, runId = 'run_1', attempt = 1): Wrote => ({ items: [{ ...line(n), runId, attempt }] });

describe('following the output of a run', () => {
  let output: RunOutput;
  let failed: unknown;
  let answers: ((value: unknown) => void)[];
  const show = (change: (output: RunOutput) => RunOutput): void => {
    output = change(output);
  };
  const start = (attempt = 1) => followOutput({ id: 'run_1', attempt }, show, (error) => (failed = error));
  const texts = (): string[] => output.lines.map((one) => one.text);
  const answer = async (n: number, lines: number[]): Promise<void> => {
    answers[n]?.({ items: lines.map(line), truncated: false, next: null });
    // The page, the pages together, and what is shown of them.
    for (let turn = 0; turn < 6; turn += 1) await Promise.resolve();
  };

  beforeEach(() => {
    output = emptyOutput;
    failed = null;
    answers = [];
    far.call.mockReset();
    far.call.mockImplementation(() => new Promise((resolve) => answers.push(resolve)));
  });

  it('misses nothing that is written while the first answer is on its way', async () => {
    const follower = start();
    far.push(wrote(3));
    await answer(0, [1, 2]);
    far.push(wrote(4));
    expect(texts()).toEqual(['line 1', 'line 2', 'line 3', 'line 4']);
    follower.stop();
  });

  it('takes only the lines of its run and attempt', async () => {
    const follower = start(2);
    await answer(0, [1]);
    far.push(wrote(2, 'run_2', 2));
    far.push(wrote(3, 'run_1', 1));
    far.push(wrote(4, 'run_1', 2));
    expect(texts()).toEqual(['line 1', 'line 4']);
    follower.stop();
  });

  it('makes up for lost pushes by asking again, and drops the answer that was overtaken', async () => {
    const follower = start();
    far.gap();
    await answer(1, [1, 2, 3]);
    await answer(0, [1]);
    expect(texts()).toEqual(['line 1', 'line 2', 'line 3']);
    follower.stop();
  });

  it('tells of a failure and clears it when another try succeeds', async () => {
    far.call.mockRejectedValueOnce(new Error('unavailable'));
    const follower = start();
    await eventually(() => expect(failed).toBeInstanceOf(Error));
    follower.reload();
    await answer(0, [1]);
    expect(failed).toBeNull();
    expect(texts()).toEqual(['line 1']);
    follower.stop();
  });

  it('shows nothing more once it is stopped', async () => {
    const follower = start();
    follower.stop();
    far.push(wrote(1));
    await answer(0, [1]);
    expect(texts()).toEqual([]);
  });
});
