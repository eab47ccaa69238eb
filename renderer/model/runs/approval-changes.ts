import type { Approval, PlanDifference } from '../../../shared/contract/approvals.ts';

const lines = (values: readonly string[]): string | null => (values.length === 0 ? null : values.join('\n'));

const byPath = (files: readonly { path: string; sha256: string }[]): Map<string, string> =>
  new Map(files.map(({ path, sha256 }) => [path, sha256]));

/** What differs between what was shown for approval before and what is shown now; empty for the same digest alone. */
export function approvalChanges(before: Approval, now: Approval): PlanDifference[] {
  if (before.digest === now.digest) return [];
  const changes: PlanDifference[] = [];
  const compare = (what: string, was: string | null, is: string | null): void => {
    if (was !== is) changes.push({ what, before: was, now: is });
  };
  compare('kind', before.kind, now.kind);
  compare('command', lines(before.argv), lines(now.argv));
  compare('script', before.file, now.file);
  compare('working directory', before.cwd, now.cwd);
  compare('environment', lines(before.envNames), lines(now.envNames));
  compare('secrets', lines(before.secretNames), lines(now.secretNames));
  for (const list of ['files', 'packages'] as const) {
    const [were, are] = [byPath(before[list]), byPath(now[list])];
    for (const path of new Set([...were.keys(), ...are.keys()])) {
      compare(`content of ${path}`, were.get(path) ?? null, are.get(path) ?? null);
    }
  }
  compare('what is known only at run time', lines(before.open), lines(now.open));
  // Values of variables and places of secrets are part of the digest, but are shown to nobody.
  if (changes.length === 0) changes.push({ what: 'variables or secrets', before: 'a value', now: 'another value' });
  return changes;
}
