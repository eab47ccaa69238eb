/** Why no window can be shown on Linux, as a sentence; undefined when a display can be opened. */
export function displayProblem(env?: Record<string, string | undefined>): Promise<string | undefined>;
