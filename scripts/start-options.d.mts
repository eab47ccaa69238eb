export function parseStartOptions(args: string[]): { mode: 'desktop' | 'headless' | 'auto' };
export function electronArguments(args: string[], options: { isRootOnLinux: boolean }): string[];
