export function readJson(path: string): unknown;
export function writeJson(path: string, value: unknown): void;
export function fingerprint(base: string, paths: string[]): string;
