import { homedir } from 'node:os';
import { app } from 'electron';
import { autostartFile, type StartAtLogin, startWithFile } from './autostart-file.ts';

/** Windows and macOS keep it themselves. */
function startWithSystem(args: readonly string[]): StartAtLogin {
  const settings = { path: process.execPath, args: [...args] };
  return {
    supported: app.isPackaged,
    isEnabled: () => app.getLoginItemSettings(settings).openAtLogin,
    set: (openAtLogin) => app.setLoginItemSettings({ ...settings, openAtLogin }),
  };
}

/** `ownArgs`: the arguments of this start, such as `--data-dir`. */
export function startAtLogin(ownArgs: readonly string[]): StartAtLogin {
  if (process.platform !== 'linux') return startWithSystem(ownArgs);
  // Unpackaged, Electron is given the folder of the app first.
  const program = app.isPackaged ? [process.execPath] : [process.execPath, app.getAppPath()];
  return startWithFile(autostartFile(process.env, homedir()), [...program, ...ownArgs]);
}
