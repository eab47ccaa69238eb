export const makers: Record<string, Record<string, unknown>>;
export function unavailable(name: string, find?: (program: string) => string | undefined): string | undefined;
