/** Packages that are not built into the app's files. */
export const loadedPackages: string[];

/** What the built app loads from node_modules, as paths below the root. */
export function productionModules(lock?: unknown): string[];

export function isRuntimeFile(module: string, path: string, options: { sqliteAddon: string }): boolean;
