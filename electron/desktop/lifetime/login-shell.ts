import { userInfo } from 'node:os';

/**
 * The shell whose PATH jobs should have; null where the app has it already. A terminal says in TERM what it is; from a menu,
 * the Dock or launchd nothing does, and PATH has the system's own folders alone.
 */
export function menuLoginShell(
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform,
  userShell: () => string | null = () => userInfo().shell,
): string | null {
  if (platform !== 'darwin' && platform !== 'linux') return null;
  if (env.TERM !== undefined && env.TERM !== '' && env.TERM !== 'dumb') return null;
  return env.SHELL || userShell();
}
