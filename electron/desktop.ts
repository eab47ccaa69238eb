import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { app, dialog, ipcMain, powerMonitor } from 'electron';
import { ownArguments } from './desktop/command-line.ts';
import { followApp } from './desktop/follow-app.ts';
import { hardenPages } from './desktop/hardening.ts';
import { answerCalls } from './desktop/ipc.ts';
import { menuLoginShell } from './desktop/login-shell.ts';
import { setMenu } from './desktop/menu.ts';
import { notifyOfRuns } from './desktop/notifications.ts';
import { keepOneWindow } from './desktop/one-window.ts';
import { appOrigin, registerAppScheme, serveAppScheme } from './desktop/protocol.ts';
import { drainBeforeQuit } from './desktop/quit.ts';
import { openSecretBox } from './desktop/secret-box.ts';
import { showTray } from './desktop/tray.ts';
import { PrintAndExit, parseOptions } from './runtime/options.ts';
import { StartError, type StartOptions } from './runtime/runtime-types.ts';
import { startRuntime } from './runtime/start.ts';

// Built, this file is out/main/desktop.js.
const builtDir = import.meta.dirname;
const rendererDir = join(builtDir, '../renderer');
const preloadFile = join(builtDir, '../preload/preload.cjs');
const iconsDir = join(builtDir, '../../resources/icons');
const iconFile = join(iconsDir, 'icon-256.png');

// electron-vite's server while developing; a packaged app has no business with it.
const devUrl = app.isPackaged ? undefined : process.env.ELECTRON_RENDERER_URL;
const pageUrl = devUrl ?? appOrigin;
const isOwnPage = (url: string): boolean =>
  devUrl === undefined
    ? url.startsWith(appOrigin)
    : URL.canParse(url) && new URL(url).origin === new URL(devUrl).origin;

async function onReady(options: StartOptions): Promise<void> {
  serveAppScheme(rendererDir);
  const runtime = await startRuntime({
    ...options,
    mode: 'desktop',
    rendererDir,
    workerFiles: {
      readWorker: join(builtDir, 'read-worker.js'),
      indexWorker: join(builtDir, 'index-worker.js'),
      upkeepWorker: join(builtDir, 'upkeep-worker.js'),
      scriptWorker: join(builtDir, 'script-worker.js'),
      guardian: join(builtDir, 'guardian.js'),
      configWorker: join(builtDir, 'config-worker.js'),
    },
    loginShell: menuLoginShell(process.env, process.platform),
    secretBox: openSecretBox(),
  });
  const { log } = runtime;
  const followed = await followApp(runtime);
  hardenPages(isOwnPage, log);
  answerCalls({ port: ipcMain, handlers: runtime.handlers, log, isOwnPage });

  const quitting = drainBeforeQuit(runtime, () => {
    stopNotifying();
    followed.close();
  });

  const open = keepOneWindow(runtime.pushHub, {
    url: pageUrl,
    preloadFile,
    iconFile,
    stateFile: join(options.dataDir, 'window-state.json'),
    log,
    staysOnClose: () => followed.settings().keepInTray && !quitting.isQuitting(),
  });
  const stopNotifying = notifyOfRuns({
    runtime,
    iconFile,
    isWanted: () => followed.settings().notifyOnFailure,
    open,
  });
  showTray({ app: followed, iconsDir, open, quit: () => app.quit() });
  setMenu({ dataDir: options.dataDir, open });
  app.on('second-instance', open);
  app.on('activate', open);
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  powerMonitor.on('resume', () => runtime.wake());
  open();
}

/** Errors that the person can mend are one sentence; others keep their stack. */
function failToStart(error: unknown): void {
  if (error instanceof PrintAndExit) {
    process.stdout.write(`${error.message}\n`);
    app.exit(0);
    return;
  }
  const isExpected = error instanceof StartError;
  const text = error instanceof Error ? (isExpected ? error.message : (error.stack ?? error.message)) : String(error);
  process.stderr.write(`${text}\n`);
  // Started from a desktop's menu, nobody reads stderr. From a checkout, someone does, through a pipe or not.
  if (app.isPackaged && !process.stderr.isTTY) {
    dialog.showErrorBox('Signalbox cannot start', text);
  }
  app.exit(isExpected ? error.exitCode : 1);
}

function main(): void {
  const options = parseOptions(
    ownArguments(process.argv, app.getAppPath(), process.defaultApp === true),
    process.env,
    'desktop',
  );
  // Chromium's own files. They carry the single-instance lock too: one app for each data directory.
  const chromiumDir = join(options.dataDir, 'chromium');
  try {
    mkdirSync(chromiumDir, { recursive: true, mode: 0o700 });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new StartError('data_dir_unusable', `The data directory ${options.dataDir} cannot be used: ${why}.`, {
      cause: error,
    });
  }
  app.setPath('userData', chromiumDir);
  if (!app.requestSingleInstanceLock()) {
    process.stderr.write('Signalbox is running already; its window is in front now.\n');
    app.exit(0);
    return;
  }
  registerAppScheme();
  app
    .whenReady()
    .then(() => onReady(options))
    .catch(failToStart);
}

try {
  main();
} catch (error) {
  failToStart(error);
}
