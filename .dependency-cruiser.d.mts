export const folders: Record<string, readonly string[]>;
export const layers: Record<string, readonly string[]>;
export const entries: Record<string, readonly string[]>;
export const packages: Record<string, readonly string[]>;
