/**
 * One damaged cell must not close a list: what can be read of its row is shown, and the names of the parts that cannot
 * are collected here, as the contract names them.
 */
export function readPart<T>(unreadable: string[], part: string, read: () => T, instead: T): T {
  try {
    return read();
  } catch {
    unreadable.push(part);
    return instead;
  }
}

/** For the item in the contract: absent when all is readable. */
export const listUnreadable = (unreadable: readonly string[]): { unreadable?: string[] } =>
  unreadable.length === 0 ? {} : { unreadable: [...unreadable] };
