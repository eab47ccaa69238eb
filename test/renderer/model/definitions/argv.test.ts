import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { looksLikeCommandLine, printCommand, splitCommandLine } from '../../../../renderer/model/definitions/argv.ts';

describe('a pasted command line', () => {
  it('gives back any arguments that were printed as a line', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.string().filter((text) => !text.includes('\0')),
          { minLength: 1 },
        ),
        (args) => {
          expect(splitCommandLine(printCommand(args)).args).toEqual(args);
        },
      ),
    );
  });

  it('takes off quotes and backslashes as a POSIX shell does', () => {
    expect(splitCommandLine(`node "a b.mjs" --x='y z' c\\ d "say \\"hi\\"" ''`).args).toEqual([
      'node',
      'a b.mjs',
      '--x=y z',
      'c d',
      'say "hi"',
      '',
    ]);
    expect(splitCommandLine('curl \\\n  -v').args).toEqual(['curl', '-v']);
  });

  it('says what only a shell would have done', () => {
    const { args, notes } = splitCommandLine('cat $HOME/*.log | wc -l > ~/out');
    expect(args).toEqual(['cat', '$HOME/*.log', '|', 'wc', '-l', '>', '~/out']);
    for (const part of ['$HOME', '*', '|', '>', '~']) expect(notes.some((note) => note.includes(part))).toBe(true);
    expect(splitCommandLine("echo '$HOME | x'").notes).toEqual([]);
    expect(splitCommandLine('echo "open').notes).toEqual(['Unclosed quote.']);
  });

  it('knows a line from a single argument', () => {
    expect(looksLikeCommandLine('node x.mjs')).toBe(true);
    expect(looksLikeCommandLine('curl \\\n -v')).toBe(true);
    expect(looksLikeCommandLine('node')).toBe(false);
    expect(looksLikeCommandLine('first\nsecond')).toBe(false);
  });
});
