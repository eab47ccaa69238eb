/** The fuses that a package is built with, by name. */
export const fuses: Record<string, boolean>;

/** The fuses that a program has, by name. */
export function readFuses(executable: string): Promise<Record<string, boolean | 'removed' | 'inherit'>>;
