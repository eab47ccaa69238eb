import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { AppError } from '../../../shared/contract/errors.ts';
import { errorText } from '../../../shared/error-text.ts';
import { autostartEntry, isAutostartOn } from './autostart-entry.ts';

export interface StartAtLogin {
  /** False where there is no installed program to start. */
  supported: boolean;
  isEnabled(): boolean;
  /** Throws AppError with what to do. */
  set(enabled: boolean): void;
}

/** By the XDG Autostart specification: `$XDG_CONFIG_HOME/autostart`, which defaults to `~/.config/autostart`. */
export function autostartFile(env: NodeJS.ProcessEnv, home: string): string {
  const configHome = env.XDG_CONFIG_HOME ?? '';
  return join(isAbsolute(configHome) ? configHome : join(home, '.config'), 'autostart', 'signalbox.desktop');
}

const readText = (file: string): string | null => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // Not there, or not ours to read: not enabled.
    return null;
  }
};

/** `command`: the program and its arguments that start this app again, as it was started now. */
export function startWithFile(file: string, command: readonly string[]): StartAtLogin {
  return {
    supported: true,
    isEnabled: () => isAutostartOn(readText(file)),
    set(enabled) {
      try {
        if (enabled) {
          mkdirSync(dirname(file), { recursive: true });
          writeFileAtomic.sync(file, autostartEntry(command));
        } else rmSync(file, { force: true });
      } catch (error) {
        throw new AppError('unavailable', `Start at login could not be changed: ${errorText(error)} (${file}).`);
      }
    },
  };
}
