import type { z } from 'zod';
import type { ErrorDetail } from '../../shared/contract/errors.ts';

const kinds: Record<string, string> = {
  string: 'text',
  boolean: 'true or false',
  object: 'an object',
  record: 'an object',
  array: 'a list',
  number: 'a number',
};

function explain(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') {
    // zod 4 leaves the input out of its issues, so only the message tells an absent value from a wrong one.
    if (issue.message.endsWith('received undefined')) return 'is missing';
    return `must be ${kinds[issue.expected] ?? issue.expected}`;
  }
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.map(String).join(', ')}`;
  return issue.message;
}

/** zod's issues in words that fit after a setting's name, one entry a problem, with `base` before each path. */
export function issueDetails(issues: readonly z.core.$ZodIssue[], base: ErrorDetail['path']): ErrorDetail[] {
  return issues.flatMap((issue) => {
    const path = [...base, ...issue.path.map((part) => (typeof part === 'number' ? part : String(part)))];
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ path: [...path, key], message: 'is not known here' }));
    }
    if (issue.code === 'invalid_union') {
      // A branch that accepted the value as such and stumbled inside is the one that was meant.
      const meant = issue.errors.find((branch) =>
        branch.every((inner) => inner.path.length > 0 || inner.code === 'unrecognized_keys'),
      );
      if (meant !== undefined && meant.length > 0) return issueDetails(meant, path);
    }
    return [{ path, message: explain(issue) }];
  });
}
