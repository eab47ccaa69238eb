import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ansiSpans } from '../../../renderer/ui/ansi/ansi-spans.ts';
import { jsonErrorOffset } from '../../../renderer/ui/code/json-error-offset.ts';
import { readJson } from '../../../renderer/ui/code/read-json.ts';
import { fieldErrors } from '../../../renderer/ui/forms/field-errors.ts';
import { addToHistory, readHistory } from '../../../renderer/ui/query-bar/query-history.ts';
import { anchoredScroll } from '../../../renderer/ui/tables/scroll-anchor.ts';
import { formatAge, formatBytes, formatDurationMs, formatShortCount } from '../../../renderer/ui/text/format.ts';
import { AppError } from '../../../shared/contract/errors.ts';

const plain = (line: string): string =>
  ansiSpans(line)
    .map((span) => span.text)
    .join('');

describe('a line of output', () => {
  test('keeps its colours as names', () => {
    const spans = ansiSpans('\u001b[31merror\u001b[0m \u001b[1mbold\u001b[0m');
    expect(spans.map(({ text, foreground, styles }) => [text, foreground, styles])).toEqual([
      ['error', 'red', []],
      [' ', null, []],
      ['bold', null, ['bold']],
    ]);
  });

  test('stays text whatever it says: markup, titles, links, cursor moves, hidden and turning characters', () => {
    expect(plain('<img src=x onerror=alert(1)>')).toBe('<img src=x onerror=alert(1)>');
    expect(plain('\u001b]0;title\u0007hello')).toBe('hello');
    expect(plain('\u001b]8;;https://evil.example\u0007click\u001b]8;;\u0007')).toBe('click');
    expect(plain('\u001b[2J\u001b[1;1Hcleared\u001b[?25l')).toBe('cleared');
    expect(plain('a\u202eb\u200bc\u0000')).toBe('a\\u202eb\\u200bc\\u0000');
    expect(plain('lone \u001b escape')).not.toContain('\u001b');
  });

  test('drawn over itself shows what was drawn last', () => {
    expect(plain('10%\r50%\r100%\r\n'.trimEnd())).toBe('100%');
    expect(plain('windows line\r')).toBe('windows line');
  });

  test('takes true colour as numbers only', () => {
    expect(ansiSpans('\u001b[38;2;10;20;30mx')[0]?.rgb).toMatch(/^10, ?20, ?30$/);
  });
});

test('sizes, durations, ages and counts are short', () => {
  expect([0, 1023, 1536, 1024 ** 2 * 312, 1024 ** 4].map(formatBytes)).toEqual([
    '0 B',
    '1023 B',
    '1.5 KB',
    '312 MB',
    '1.0 TB',
  ]);
  expect([0, 850, 4200, 185_000, 7_800_000, 273_600_000].map(formatDurationMs)).toEqual([
    '0 ms',
    '850 ms',
    '4.2 s',
    '3 m 05 s',
    '2 h 10 m',
    '3 d 4 h',
  ]);
  expect([0, 12_000, 240_000, -240_000, 90_000_000].map(formatAge)).toEqual([
    'now',
    '12 s ago',
    '4 m ago',
    'in 4 m',
    '1 d ago',
  ]);
  // A moment after it was set, what comes in two hours is not "in 1 h".
  expect([7_199_000, 59_600, 2_505_598_000, 119_000].map((ms) => formatAge(-ms))).toEqual([
    'in 2 h',
    'in 1 m',
    'in 29 d',
    'in 2 m',
  ]);
  expect([7, 999, 1250, 34_000, 1_200_000].map(formatShortCount)).toEqual(['7', '999', '1.2k', '34k', '1.2M']);
});

test('text that is no JSON is told where', () => {
  expect(readJson('{"a": 1}')).toEqual({ ok: true, json: { a: 1 } });
  expect(readJson('{\n  "a": tru\n}')).toEqual({ ok: false, message: 'Line 2, column 8: unexpected “tru”.' });
  expect(readJson('{"a": [1, 2')).toEqual({ ok: false, message: 'Line 1, column 12: unexpected end.' });
  expect(readJson('  ').ok).toBe(false);
});

test('the place where JSON ends is found in every text that is cut or continued', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 4 }), fc.nat(), (json, n) => {
      expect(jsonErrorOffset(json)).toBe(json.length);
      expect(jsonErrorOffset(`${json}]`)).toBe(json.length);
      expect(jsonErrorOffset(json.slice(0, n % json.length))).toBeLessThanOrEqual(n % json.length);
    }),
  );
  expect(jsonErrorOffset('['.repeat(100_000))).toBe(100_000);
});

test('errors of fields are keyed as forms name them', () => {
  const details = [
    { path: ['command', 0], message: 'empty' },
    { path: ['command', 0], message: 'short' },
    { path: ['slug'], message: 'taken' },
  ];
  expect(fieldErrors(new AppError('invalid_input', 'x', details))).toEqual({
    'command.0': 'empty; short',
    slug: 'taken',
  });
});

test('past queries are kept once, the latest first', () => {
  expect(addToHistory(['b', 'a'], 'a')).toEqual(['a', 'b']);
  expect(readHistory('["x"]')).toEqual(['x']);
  expect([readHistory(null), readHistory('{'), readHistory('[1]')]).toEqual([[], [], []]);
});

test('the row at the edge stays there when rows come on top or go', () => {
  const keyOf = (n: number): string => String(n);
  const anchor = { key: '5', index: 2, offsetPx: 7 };
  expect(anchoredScroll(anchor, [7, 6, 5, 4], keyOf, 28)).toBe(2 * 28 + 7);
  expect(anchoredScroll(anchor, [9, 8, 7, 6, 5, 4], keyOf, 28)).toBe(4 * 28 + 7);
  expect(anchoredScroll(anchor, [5, 4], keyOf, 28)).toBe(7);
  expect(anchoredScroll(anchor, [9, 8], keyOf, 28)).toBeNull();
  expect(anchoredScroll(null, [1], keyOf, 28)).toBeNull();
});
