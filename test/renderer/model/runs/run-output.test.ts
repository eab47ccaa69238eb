import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  emptyOutput,
  expectSnapshot,
  findLines,
  isGapLine,
  maxShownLines,
  takeLive,
  takeSnapshot,
} from '../../../../renderer/model/runs/run-output.ts';
import type { OutputLine } from '../../../../shared/contract/runs.ts';

const line = (n: number, text = `line ${n}`, stream: OutputLine['stream'] = 'stdout'): OutputLine => ({
  stream,
  text,
  at: new Date(1_000_000 + n).toISOString(),
});
const texts = (lines: readonly OutputLine[]): string[] => lines.map((one) => one.text);

describe('output of a run on screen', () => {
  it('shows a line once when it was pushed before and stands in the snapshot', () => {
    const listening = takeLive(expectSnapshot(emptyOutput), [line(2), line(3)]);
    const output = takeSnapshot(listening, { items: [line(1), line(2)], truncated: false });
    expect(texts(output.lines)).toEqual(['line 1', 'line 2', 'line 3']);
  });

  it('shows a line once when it stands in the snapshot and is pushed late', () => {
    const output = takeSnapshot(emptyOutput, { items: [line(1), line(2), line(3)], truncated: false });
    expect(texts(takeLive(output, [line(2), line(3), line(4)]).lines)).toEqual([
      'line 1',
      'line 2',
      'line 3',
      'line 4',
    ]);
  });

  it('keeps equal lines of the same millisecond apart', () => {
    const output = takeSnapshot(emptyOutput, { items: [line(1, 'tick'), line(1, 'tick')], truncated: false });
    const next = takeLive(takeLive(output, [line(1, 'tick')]), [line(1, 'tick'), line(1, 'tick')]);
    expect(texts(next.lines)).toEqual(['tick', 'tick', 'tick']);
  });

  it('does not let a line of the dropped middle in at the end', () => {
    const output = takeSnapshot(emptyOutput, { items: [line(1), line(9)], truncated: true });
    expect(texts(takeLive(output, [line(5), line(9), line(10)]).lines)).toEqual(['line 1', 'line 9', 'line 10']);
  });

  it('leaves the lines on show while a snapshot is fetched again', () => {
    const first = takeSnapshot(emptyOutput, { items: [line(1)], truncated: false });
    const again = takeLive(expectSnapshot(first), [line(2)]);
    expect(texts(again.lines)).toEqual(['line 1', 'line 2']);
    expect(texts(takeSnapshot(again, { items: [line(1), line(2)], truncated: false }).lines)).toEqual([
      'line 1',
      'line 2',
    ]);
  });

  it('does not change what it was given, so that it may be applied twice', () => {
    const output = takeSnapshot(emptyOutput, { items: [line(1), line(2)], truncated: false });
    expect(texts(takeLive(output, [line(2)]).lines)).toEqual(['line 1', 'line 2']);
    expect(texts(takeLive(output, [line(2)]).lines)).toEqual(['line 1', 'line 2']);
  });

  it('neither doubles nor loses a line, however pushes and the snapshot overlap', () => {
    const stream = fc.constantFrom('stdout', 'stderr', 'system');
    fc.assert(
      fc.property(
        fc.array(fc.record({ step: fc.integer({ min: 0, max: 2 }), stream }), { maxLength: 60 }),
        fc.array(fc.nat(60), { minLength: 3, maxLength: 3 }),
        fc.integer({ min: 1, max: 7 }),
        (steps, cuts, batchSize) => {
          let at = 0;
          const written = steps.map((step, index) => {
            at += step.step;
            return line(at, `${step.stream} ${index}`, step.stream);
          });
          const [subscribed = 0, taken = 0, answered = 0] = cuts
            .map((cut) => Math.min(cut, written.length))
            .sort((a, b) => a - b);
          let output = takeLive(expectSnapshot(emptyOutput), []);
          const push = (from: number, to: number): void => {
            for (let start = from; start < to; start += batchSize) {
              output = takeLive(output, written.slice(start, Math.min(to, start + batchSize)));
            }
          };
          // What was written before the window listened is never pushed to it; pushes trail the snapshot or run ahead of it.
          push(subscribed, Math.max(subscribed, Math.min(answered, taken)));
          output = takeSnapshot(output, { items: written.slice(0, taken), truncated: false });
          push(Math.max(subscribed, Math.min(answered, taken)), written.length);
          const inOrder = [...output.lines].sort(
            (a, b) => texts(written).indexOf(a.text) - texts(written).indexOf(b.text),
          );
          expect(inOrder).toEqual(written);
        },
      ),
    );
  });

  it('drops the middle of what it shows when a job never stops talking, and says so', () => {
    let output = takeSnapshot(emptyOutput, { items: [line(0)], truncated: false });
    const all = Array.from({ length: maxShownLines + 50 }, (_, index) => line(index + 1));
    output = takeLive(output, all);
    expect(output.lines.length).toBeLessThanOrEqual(maxShownLines);
    expect(output.truncated).toBe(true);
    expect(output.lines[0]).toEqual(line(0));
    expect(output.lines.at(-1)).toEqual(all.at(-1));
    expect(output.lines.filter(isGapLine)).toHaveLength(1);
  });

  it('finds lines without regard to case, in what is shown of them', () => {
    const lines = [line(1, '\u001b[31mError\u001b[0m: no'), line(2, 'fine'), line(3, 'another ERROR')];
    const plain = (text: string): string => text.replaceAll('\u001b[31m', '').replaceAll('\u001b[0m', '');
    expect(findLines(lines, 'error', plain)).toEqual([0, 2]);
    expect(findLines(lines, '31m', plain)).toEqual([]);
    expect(findLines(lines, '', plain)).toEqual([]);
  });
});
