export function appManifest(): Record<string, string>;
export function sqliteAddonPath(kind: string, platform?: string, arch?: string): string;
