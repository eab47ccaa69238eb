/** Why Chromium's sandbox cannot start for this user on Linux, as a sentence; undefined when it can. */
export function sandboxProblem(
  executablePath: string,
  places?: { system?: string; profiles?: string },
): string | undefined;
