/**
 * How cmd.exe reads a line, as far as arguments go: percent signs, then quotes, carets and operators; and how a batch file
 * and the C runtime take arguments apart. After https://stackoverflow.com/a/4095133 (phases 1 and 2) and Microsoft's
 * "Parsing C command-line arguments".
 */

export class Injection extends Error {}

/** `cmd.exe /e:ON /v:OFF /d /s /c <line>` where the line starts a batch file: its name and the text behind it. */
export function startBatch(line: string, env: Readonly<Record<string, string>>): { file: string; rest: string } {
  // /s takes off the first and the last quote.
  const inner = line.replace(/^"/, '').replace(/"$/, '');
  const command = parseSpecials(expandPercents(inner, env));
  const [, file = '', rest = ''] = /^"([^"]*)"(.*)$/s.exec(command) ?? [];
  return { file, rest: rest.replace(/^[ \t,;=]+/, '') };
}

/** Phase 1 on a command line: `%name%` of a variable that is there, `%name:~a,b%` of it; anything else stays. */
function expandPercents(text: string, env: Readonly<Record<string, string>>): string {
  const values = new Map(
    Object.entries({ cd: 'C:\\work', ...env }).map(([name, value]) => [name.toLowerCase(), value]),
  );
  let expanded = '';
  let at = 0;
  while (at < text.length) {
    const end = text[at] === '%' ? text.indexOf('%', at + 1) : -1;
    if (end !== -1) {
      const [name = '', part] = splitOnce(text.slice(at + 1, end), ':');
      const value = values.get(name.toLowerCase());
      if (value !== undefined) {
        expanded += part === null ? value : substring(value, part);
        at = end + 1;
        continue;
      }
    }
    expanded += text[at];
    at += 1;
  }
  return expanded;
}

function splitOnce(text: string, separator: string): [string, string | null] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, null] : [text.slice(0, at), text.slice(at + 1)];
}

/** `~start,length`, where what is left out is 0; another form is a replacement, which nothing here uses. */
function substring(value: string, part: string): string {
  const [, start, length] = /^~(\d*),(\d*)$/.exec(part) ?? [];
  if (start === undefined) return value;
  return value.slice(Number(start), Number(start) + Number(length ?? 0));
}

/** Phase 2: operators outside quotes begin another command or name a file. */
export function parseSpecials(text: string): string {
  let parsed = '';
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] ?? '';
    if (/[\r\n\0]/.test(char)) throw new Injection(`line break in ${text}`);
    if (char === '"') isQuoted = !isQuoted;
    if (!isQuoted && char === '^') {
      at += 1;
      parsed += text[at] ?? '';
      continue;
    }
    if (!isQuoted && /[&|<>()]/.test(char)) throw new Injection(`${char} in ${text}`);
    parsed += char;
  }
  return parsed;
}

/** `%1`, `%2`, … of a batch file, quotes and all. */
export function batchParameters(rest: string): string[] {
  const found: string[] = [];
  let one = '';
  let isQuoted = false;
  for (const char of rest) {
    if (char === '"') isQuoted = !isQuoted;
    if (!isQuoted && /[ \t,;=\v\f]/.test(char)) {
      if (one !== '') found.push(one);
      one = '';
    } else one += char;
  }
  return one === '' ? found : [...found, one];
}

/** `%~1`: without the quotes around it. */
export const withoutQuotes = (parameter: string): string => parameter.replace(/^"(.*)"$/s, '$1');

/** What a program written in C gets as its arguments; the first is its own name. */
export function splitArguments(line: string): string[] {
  const args: string[] = [];
  let at = 0;
  while (at < line.length) {
    while (line[at] === ' ' || line[at] === '\t') at += 1;
    if (at >= line.length) break;
    let arg = '';
    let isQuoted = false;
    for (; at < line.length; at += 1) {
      let slashes = 0;
      while (line[at] === '\\') {
        slashes += 1;
        at += 1;
      }
      if (line[at] === '"') {
        arg += '\\'.repeat(Math.floor(slashes / 2));
        if (slashes % 2 === 1) arg += '"';
        else if (isQuoted && line[at + 1] === '"') {
          // A doubled quote within quotes is one, and they go on.
          arg += '"';
          at += 1;
        } else isQuoted = !isQuoted;
        continue;
      }
      arg += '\\'.repeat(slashes);
      if (at >= line.length || (!isQuoted && (line[at] === ' ' || line[at] === '\t'))) break;
      arg += line[at];
    }
    args.push(arg);
  }
  return args;
}
