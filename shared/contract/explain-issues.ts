import type { z } from 'zod';
import type { ErrorDetail } from './errors.ts';

type RawIssue = z.core.$ZodRawIssue;
type Issue = z.core.$ZodIssue;

const words: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'an object',
  record: 'an object',
  date: 'a date',
  null: 'null',
};

const formats: Record<string, string> = {
  url: 'a web address such as https://example.com',
  datetime: 'a time such as 2026-01-31T08:00:00Z',
  cidrv4: 'an address range such as 10.0.0.0/8',
  cidrv6: 'an address range such as fd00::/8',
};

const noForm = 'does not have an allowed form';

const quote = (value: unknown): string => (typeof value === 'string' ? `"${value}"` : String(value));

function boundWords(origin: string, bound: 'least' | 'most', limit: number | bigint): string {
  if (origin === 'string') return `must have at ${bound} ${limit} ${limit === 1 ? 'character' : 'characters'}`;
  if (origin === 'array' || origin === 'set')
    return `must have at ${bound} ${limit} ${limit === 1 ? 'entry' : 'entries'}`;
  return `must be at ${bound} ${limit}`;
}

/**
 * Says what a value must be, in words that fit after a field's name ("must be a list"). Handed to zod for each parse:
 * a message written into a schema goes before it.
 */
export function describeIssue(issue: RawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'is missing' : `must be ${words[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      if (issue.input === undefined) return 'is missing';
      return issue.values.length === 1
        ? `must be ${quote(issue.values[0])}`
        : `must be one of ${issue.values.map(quote).join(', ')}`;
    case 'too_small':
      return boundWords(issue.origin, 'least', issue.minimum);
    case 'too_big':
      return boundWords(issue.origin, 'most', issue.maximum);
    case 'invalid_format':
      return `must be ${formats[issue.format] ?? `a valid ${issue.format}`}`;
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    case 'invalid_union':
      return issue.input === undefined ? 'is missing' : noForm;
    case 'invalid_key':
      return 'has a name that is not allowed';
    case 'invalid_element':
      return 'is not allowed here';
    default:
      return 'is not valid';
  }
}

const pathOf = (path: readonly PropertyKey[]): ErrorDetail['path'] =>
  path.map((part) => (typeof part === 'number' ? part : String(part)));

/** `conditions.all[0].op`, as people write it; cut short, since keys come from the caller. */
function printPath(path: ErrorDetail['path']): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else text += text === '' ? part : `.${part}`;
  }
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}

function toDetails(issue: Issue, prefix: ErrorDetail['path']): ErrorDetail[] {
  const path = [...prefix, ...pathOf(issue.path)];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: [...path, key], message: 'is unknown; remove it' }));
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    // The branch that was followed deepest is most likely the one that was meant.
    const branches = issue.errors.map((branch) => branch.flatMap((inner) => toDetails(inner, path)));
    const depths = branches.map((branch) => Math.max(0, ...branch.map((detail) => detail.path.length)));
    const deepest = Math.max(...depths);
    const meant = deepest > path.length ? branches[depths.indexOf(deepest)] : undefined;
    if (meant !== undefined) return meant;
    // A schema that says itself what it takes knows better than its branches.
    if (issue.message !== noForm) return [{ path, message: issue.message }];
    const messages = [...new Set(branches.flat().map((detail) => detail.message))];
    if (messages.length > 0) return [{ path, message: messages.join(', or ') }];
  }
  if (issue.code === 'invalid_key' && issue.issues[0] !== undefined) {
    return [{ path, message: `has a name that is not allowed: it ${issue.issues[0].message}` }];
  }
  return [{ path, message: issue.message }];
}

/** One entry a problem, in the order of the input; `base` goes before each path. */
export const issueDetails = (issues: readonly Issue[], base: ErrorDetail['path'] = []): ErrorDetail[] =>
  issues.flatMap((issue) => toDetails(issue, base));

/** One sentence that names the call, the first fields and what they must be. */
export function printDetails(callName: string, details: readonly ErrorDetail[]): string {
  const shown = details.slice(0, 3).map(({ path, message }) => {
    return path.length === 0 ? `the input ${message}` : `"${printPath(path)}" ${message}`;
  });
  const rest = details.length - shown.length;
  return `${callName}: ${shown.join('; ')}${rest > 0 ? `; and ${rest} more` : ''}.`;
}
