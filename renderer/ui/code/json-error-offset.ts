const space = /[ \t\n\r]*/y;
const scalar =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids them in texts
  /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids them in texts
const text = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;

/**
 * Where a text stops being JSON (RFC 8259), for texts that JSON.parse has refused: engines differ in whether their
 * message names a position. Not recursive: what is typed may be nested without end.
 */
export function jsonErrorOffset(source: string): number {
  const open: ('{' | '[')[] = [];
  let at = 0;
  const skip = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const match = pattern.exec(source);
    if (match === null) return false;
    at += match[0].length;
    return true;
  };
  const take = (character: string): boolean => {
    skip(space);
    if (source[at] !== character) return false;
    at += 1;
    return true;
  };
  const takeKey = (): boolean => {
    skip(space);
    return skip(text) && take(':');
  };
  for (;;) {
    // A value is due.
    if (take('{')) {
      if (!take('}')) {
        open.push('{');
        if (!takeKey()) return at;
        continue;
      }
    } else if (take('[')) {
      if (!take(']')) {
        open.push('[');
        continue;
      }
    } else if (!skip(scalar)) return at;
    // A value has ended.
    for (;;) {
      const inside = open.at(-1);
      if (inside === undefined) {
        skip(space);
        return at;
      }
      if (take(',')) {
        if (inside === '{' && !takeKey()) return at;
        break;
      }
      if (!take(inside === '{' ? '}' : ']')) return at;
      open.pop();
    }
  }
}
