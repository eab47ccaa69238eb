export function productionLock(lock: unknown): { packages: Record<string, Record<string, unknown>> };
