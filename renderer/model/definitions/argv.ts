import { shellQuote } from '../../../shared/shell-quote.ts';

/** An argument as it is being typed. The id keeps its focus. */
export interface ArgRow {
  id: string;
  text: string;
}

let lastId = 0;
export const argRow = (text = ''): ArgRow => {
  lastId += 1;
  return { id: `arg-${lastId}`, text };
};

export interface SplitCommand {
  args: string[];
  /** What a shell would have done with the line and Signalbox does not, for the operator. */
  notes: string[];
}

const operators = /^(?:\|\|?|&&?|;|>>?|<<?|2>(?:&1)?|&>)/;

/** A line as one types it into a shell, cut into arguments: quotes and backslashes as in POSIX, nothing expanded. */
export function splitCommandLine(line: string): SplitCommand {
  const args: string[] = [];
  const notes = new Set<string>();
  let current = '';
  let isOpen = false;
  let at = 0;
  const finish = (): void => {
    if (isOpen) args.push(current);
    current = '';
    isOpen = false;
  };
  while (at < line.length) {
    const char = line[at] ?? '';
    if (char === '\\' && line[at + 1] === '\n') {
      at += 2;
      continue;
    }
    if (/\s/.test(char)) {
      finish();
      at += 1;
      continue;
    }
    const operator = operators.exec(line.slice(at))?.[0];
    if (operator !== undefined && (!isOpen || /^[|;&<>]/.test(operator))) {
      finish();
      args.push(operator);
      notes.add(`“${operator}” has no meaning without a shell: it is passed as an argument.`);
      at += operator.length;
      continue;
    }
    isOpen = true;
    if (char === "'") {
      const end = line.indexOf("'", at + 1);
      if (end === -1) notes.add('Unclosed quote.');
      current += line.slice(at + 1, end === -1 ? undefined : end);
      at = end === -1 ? line.length : end + 1;
    } else if (char === '"') {
      at += 1;
      while (at < line.length && line[at] !== '"') {
        const next = line[at + 1] ?? '';
        if (line[at] === '\\' && ['"', '\\', '$', '`'].includes(next)) at += 1;
        else if (line[at] === '$' && /[\w{(]/.test(next)) notes.add(variableNote(line.slice(at)));
        current += line[at] ?? '';
        at += 1;
      }
      if (at >= line.length) notes.add('Unclosed quote.');
      at += 1;
    } else if (char === '\\' && at + 1 < line.length) {
      current += line[at + 1] ?? '';
      at += 2;
    } else {
      if (char === '$' && /[\w{(]/.test(line[at + 1] ?? '')) notes.add(variableNote(line.slice(at)));
      else if (char === '`') notes.add('“`…`” is not executed: it is passed as is.');
      else if (char === '*' || char === '?') notes.add(`“${char}” is not expanded to file names.`);
      else if (char === '~' && current === '') notes.add('“~” is not expanded to your home directory.');
      current += char;
      at += 1;
    }
  }
  finish();
  return { args, notes: [...notes] };
}

function variableNote(text: string): string {
  const name = /^\$(?:\(.*?\)|\{.*?\}|\w+)/.exec(text)?.[0] ?? '$';
  return `“${name}” is not expanded: the job receives it as is.`;
}

/** Whether a pasted text looks like a whole command line rather than one argument. */
export const looksLikeCommandLine = (text: string): boolean =>
  !text.trim().includes('\n') ? /\S\s+\S/.test(text.trim()) : /\\\n/.test(text);

/** The command as one line to read; quoted where a shell would need it. */
export const printCommand = (args: readonly string[]): string =>
  args.map((arg) => (/^[\w@%+=:,./-]+$/.test(arg) ? arg : shellQuote(arg))).join(' ');
