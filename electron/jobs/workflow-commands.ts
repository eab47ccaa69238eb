/** What a job says with a line of its output, in the notation that CI systems have made familiar. */
export type WorkflowCommand =
  | { kind: 'progress'; percent: number | null; message: string }
  | { kind: 'annotation'; level: 'notice' | 'warning' | 'error'; text: string }
  | { kind: 'add-mask'; value: string };

const commandPattern = /^::(progress|notice|warning|error|add-mask)(?: ([^:]*))?::(.*)$/s;

/** Percent, CR and LF can stand in a value as `%25`, `%0D` and `%0A`: a command is one line. */
const decodeEscapes = (text: string): string =>
  text.replace(/%(25|0[AaDd])/g, (_, code: string) =>
    code === '25' ? '%' : code.toLowerCase() === '0a' ? '\n' : '\r',
  );

/** `a=1,b=2` → the value of `name`. */
function property(properties: string, name: string): string | null {
  for (const pair of properties.split(',')) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return null;
}

function readPercent(text: string | null): number | null {
  if (text === null || !/^-?\d{1,9}(\.\d{1,9})?%?$/.test(text)) return null;
  return Math.min(100, Math.max(0, Number.parseFloat(text)));
}

/** Null for an ordinary line, and for commands this app does not know: those stay in the output as they are. */
export function parseWorkflowCommand(line: string): WorkflowCommand | null {
  if (!line.startsWith('::')) return null;
  const [, name, properties = '', rest = ''] = commandPattern.exec(line) ?? [];
  switch (name) {
    case 'progress':
      return { kind: 'progress', percent: readPercent(property(properties, 'percent')), message: decodeEscapes(rest) };
    case 'notice':
    case 'warning':
    case 'error':
      return { kind: 'annotation', level: name, text: decodeEscapes(rest) };
    case 'add-mask':
      return { kind: 'add-mask', value: decodeEscapes(rest) };
    default:
      return null;
  }
}
