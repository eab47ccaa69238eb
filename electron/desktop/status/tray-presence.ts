import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

type Run = (program: string, args: readonly string[], options: { timeout: number }) => Promise<{ stdout: string }>;

const withinMs = 3000;
const watcher = 'org.kde.StatusNotifierWatcher';
const bus = ['org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus.NameHasOwner'] as const;

/** By the tools that Debian's and Red Hat's desktops have. */
const commands: readonly [string, readonly string[]][] = [
  ['gdbus', ['call', '--session', '--dest', bus[0], '--object-path', bus[1], '--method', bus[2], watcher]],
  ['dbus-send', ['--session', '--print-reply', `--dest=${bus[0]}`, bus[1], bus[2], `string:${watcher}`]],
];

/**
 * Whether the desktop shows tray icons. Only on Linux can it do without: GNOME shows none unless an extension does, which
 * then owns a name on the session's bus. False where that cannot be found out.
 */
export async function hasTray(platform: NodeJS.Platform, run: Run = promisify(execFile)): Promise<boolean> {
  if (platform !== 'linux') return true;
  for (const [program, args] of commands) {
    try {
      const { stdout } = await run(program, [...args], { timeout: withinMs });
      return /\btrue\b/.test(stdout);
    } catch {
      // Not installed, or no session bus: the next may do.
    }
  }
  return false;
}
