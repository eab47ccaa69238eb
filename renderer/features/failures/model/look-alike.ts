import type { Failure } from '../../../../shared/contract/failures.ts';

/** Ids of the failures that have another with the same job, listener and message in the list. */
export function lookAlike(
  failures: readonly Pick<Failure, 'id' | 'job' | 'listener' | 'message'>[],
): ReadonlySet<string> {
  const byLook = new Map<string, string[]>();
  for (const { id, job, listener, message } of failures) {
    const key = JSON.stringify([job, listener, message]);
    const ids = byLook.get(key);
    if (ids === undefined) byLook.set(key, [id]);
    else ids.push(id);
  }
  return new Set([...byLook.values()].filter((ids) => ids.length > 1).flat());
}
