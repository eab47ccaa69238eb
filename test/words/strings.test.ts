import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { collectStrings } from './collect-strings.ts';
import { stringLists, writeList } from './string-lists.ts';
import { findUnwanted } from './unwanted-words.ts';

const root = join(import.meta.dirname, '../..');
const command = 'UPDATE_DOCS=1 npm test -- test/words/strings.test.ts';

it.each(stringLists)('$file has every string', (list) => {
  const path = join(root, list.file);
  const now = writeList(list);
  if (process.env.UPDATE_DOCS === '1') {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, now);
  }
  const kept = readFileSync(path, 'utf8').split('\n');
  const made = now.split('\n');
  const changed = [
    ...made.filter((line) => !kept.includes(line)).map((line) => `+ ${line}`),
    ...kept.filter((line) => !made.includes(line)).map((line) => `- ${line}`),
  ];
  expect(changed, `${list.file} is out of date. Read the new strings, then run: ${command}`).toEqual([]);
  expect(kept.join('\n') === now, `The order of ${list.file} has changed. Run: ${command}`).toBe(true);
});

it.each(stringLists)('the strings of $file are in the words of docs/ui.md', (list) => {
  const found = writeList(list)
    .split('\n')
    .filter((line) => !line.startsWith('# '))
    .flatMap(findUnwanted);
  expect(found).toEqual([]);
});

it('collects what is drawn, and nothing that is for the program', () => {
  const source = `
    import { Thing } from './a thing that is imported';
    type Kind = 'a kind of text';
    export function View({ count, kind }: { count: number; kind: string }) {
      log.warn({ count }, 'only the log reads this');
      const query = 'SELECT id FROM events WHERE id = 1';
      if (kind === 'not shown either') return null;
      return (
        <section className="wide open" aria-label="queue">
          <b>{count}</b> of
          {' '}{count + 1} runs, {kind === 'late mark' ? 'late' : \`by \${count} s\`}
          <Thing title={'Retry ' + kind} onOpen={() => toast('Could not be opened')} />
        </section>
      );
    }`;
  expect(collectStrings(source, 'words')).toEqual([
    'queue',
    '{…} of {…} runs, {…}{…}',
    'late',
    'by {…} s',
    'Retry {…}',
    'Could not be opened',
  ]);
});

it('finds words that do not belong', () => {
  expect(findUnwanted('Nobody can send anything yet')).not.toEqual([]);
  expect(findUnwanted('No sources yet')).toEqual([]);
});
