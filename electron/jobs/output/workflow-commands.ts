import type { StepChange } from './run-steps.ts';

/** What a job says with a line of its output, in the notation that CI systems have made familiar. */
export type WorkflowCommand =
  | { kind: 'progress'; percent: number | null; message: string }
  | { kind: 'annotation'; level: 'notice' | 'warning' | 'error'; text: string }
  | { kind: 'add-mask'; value: string }
  | JobCommand;

/** What is about the run as a whole, not about its output. */
export type JobCommand =
  | { kind: 'plan'; names: string[] }
  | { kind: 'part'; change: StepChange }
  /** JSON text of the question. */
  | { kind: 'ask'; text: string }
  /** Texts as they were written; null where one is absent. */
  | {
      kind: 'raise';
      type: string;
      message: string;
      metadata: string | null;
      inSeconds: string | null;
      scheduleFor: string | null;
    };

const commandPattern = /^::(progress|notice|warning|error|add-mask)(?: ([^:]*))?::(.*)$/s;
// Values may hold single colons here, as times do.
const longPattern = /^::(raise|part)(?: (.*?))?::(.*)$/s;
const openPattern = /^::(plan|ask)(?:::|\s+)(.*?)(?:::)?\s*$/s;

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

/** `name=Read files state=running` → each value up to the next ` key=`, so that values may hold spaces. */
function properties(text: string): Map<string, string> {
  const found = new Map<string, string>();
  const starts = [...text.matchAll(/(?:^|[\s,])([A-Za-z]+)=/g)];
  starts.forEach((start, index) => {
    const [, name = ''] = start;
    const value = text.slice(start.index + start[0].length, starts[index + 1]?.index ?? text.length);
    found.set(name, decodeEscapes(value.trim().replace(/,$/, '')));
  });
  return found;
}

function readPercent(text: string | null): number | null {
  if (text === null || !/^-?\d{1,9}(\.\d{1,9})?%?$/.test(text)) return null;
  return Math.min(100, Math.max(0, Number.parseFloat(text)));
}

const stepStates: Readonly<Record<string, StepChange['state']>> = {
  waiting: 'waiting',
  running: 'running',
  completed: 'completed',
  done: 'completed',
  failed: 'failed',
};

function parseLong(line: string): JobCommand | null {
  const [, name, head = '', rest = ''] = longPattern.exec(line) ?? [];
  const given = properties(head);
  if (name === 'raise') {
    const type = given.get('type') ?? '';
    if (type === '') return null;
    return {
      kind: 'raise',
      type,
      message: decodeEscapes(rest),
      metadata: given.get('metadata') ?? null,
      inSeconds: given.get('inSeconds') ?? null,
      scheduleFor: given.get('scheduleFor') ?? null,
    };
  }
  const part = given.get('name') ?? '';
  const state = stepStates[given.get('state') ?? 'running'];
  if (name !== 'part' || part === '' || state === undefined) return null;
  return { kind: 'part', change: { name: part, state, percent: readPercent(given.get('percent') ?? null) } };
}

function parseOpen(line: string): JobCommand | null {
  const [, name, rest = ''] = openPattern.exec(line) ?? [];
  if (name === 'ask') return { kind: 'ask', text: rest };
  if (name !== 'plan') return null;
  const names = rest.split(',').map((one) => decodeEscapes(one.trim()));
  return { kind: 'plan', names: names.filter((one) => one !== '') };
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
      return parseLong(line) ?? parseOpen(line);
  }
}
