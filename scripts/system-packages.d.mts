/** The Chromium or Chrome of the machine for tests in a browser, or undefined. */
export function chromiumPath(): string | undefined;

/** Whether windows can be shown. Only Linux runs without a display. */
export function hasDisplay(env?: Record<string, string | undefined>, platform?: string): boolean;

/** Whether this process is root, where Chromium needs --no-sandbox. */
export function isRoot(): boolean;

/** The full path of a program on the PATH, or undefined. */
export function findProgram(name: string): string | undefined;
