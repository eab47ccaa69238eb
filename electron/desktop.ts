import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { app, dialog, ipcMain, powerMonitor } from 'electron';
import { ownArguments } from './desktop/lifetime/command-line.ts';
import { registerLinkScheme, takeIncomingLinks } from './desktop/lifetime/incoming-links.ts';
import { splitLinks } from './desktop/lifetime/links.ts';
import { menuLoginShell } from './desktop/lifetime/login-shell.ts';
import { drainBeforeQuit } from './desktop/lifetime/quit.ts';
import { recoverStart } from './desktop/lifetime/recover-start.ts';
import { type Instance, takeInstance } from './desktop/lifetime/single-instance.ts';
import { hardenPages } from './desktop/pages/hardening.ts';
import { answerCalls } from './desktop/pages/ipc.ts';
import { ownPages } from './desktop/pages/own-pages.ts';
import { appOrigin, registerAppScheme, serveAppScheme } from './desktop/pages/protocol.ts';
import { openSecretBox } from './desktop/secret-box.ts';
import { describeApp } from './desktop/status/about.ts';
import { followApp } from './desktop/status/follow-app.ts';
import { setMenu } from './desktop/status/menu.ts';
import { notifyOfRuns } from './desktop/status/notifications.ts';
import { showTray } from './desktop/status/tray.ts';
import { monitorGpu, surviveGpuCrashes } from './desktop/window/gpu-recovery.ts';
import { keepOneWindow, type OneWindow } from './desktop/window/one-window.ts';
import { parseOptions } from './runtime/options.ts';
import type { Runtime, StartOptions } from './runtime/runtime-types.ts';
import { startRuntime } from './runtime/start.ts';
import { PrintAndExit, StartError } from './upkeep/start-error.ts';

// Built, this file is out/main/desktop.js.
const builtDir = import.meta.dirname;
const rendererDir = join(builtDir, '../renderer');
const preloadFile = join(builtDir, '../preload/preload.cjs');
const iconsDir = join(builtDir, '../../resources/icons');
const iconFile = join(iconsDir, 'icon-256.png');

// electron-vite's server while developing. Not in what `npm start` runs, where the environment would decide which page
// may call: whatever is served at that address could make a job and run it.
const pageUrl = (import.meta.env.DEV ? process.env.ELECTRON_RENDERER_URL : undefined) ?? appOrigin;
const pages = ownPages(pageUrl);

const startDesktop = (options: StartOptions): Promise<Runtime> =>
  startRuntime({
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

/** Starts; when a port or a directory is not available, again with what the person chooses. Null: it should end. */
async function startOrRecover(options: StartOptions): Promise<Runtime | null> {
  let next: StartOptions | null = options;
  while (next !== null) {
    try {
      return await startDesktop(next);
    } catch (error) {
      if (!(error instanceof StartError)) throw error;
      process.stderr.write(`${error.message}\n`);
      next = await recoverStart(error, next);
      if (next === null) app.exit(error.exitCode);
    }
  }
  return null;
}

type IncomingLinks = ReturnType<typeof takeIncomingLinks>;

async function onReady(options: StartOptions, incoming: IncomingLinks): Promise<void> {
  serveAppScheme(rendererDir);
  const runtime = await startOrRecover(options);
  if (runtime === null) return;
  const { log } = runtime;
  const followed = await followApp(runtime);
  hardenPages(pages, log);
  answerCalls({ port: ipcMain, handlers: runtime.handlers, log, isOwnPage: pages.isOwnPage });

  const quitting = drainBeforeQuit({
    runtime,
    followed,
    window: () => window,
    release() {
      stopNotifying();
      followed.close();
    },
  });

  const window: OneWindow = keepOneWindow(runtime.pushHub, {
    url: pageUrl,
    preloadFile,
    iconFile,
    stateFile: join(options.dataDir, 'window-state.json'),
    log,
    staysOnClose: () => followed.settings().keepInTray && !quitting.isQuitting(),
    isQuitting: () => quitting.isQuitting(),
  });
  const open = (): void => window.open();
  const about = describeApp({ builtDir, iconFile, log });
  const stopNotifying = notifyOfRuns({
    runtime,
    app: followed,
    iconFile,
    isWanted: () => followed.settings().notifyOnFailure,
    open: window.open,
  });
  monitorGpu({ log, hideWindow: window.hide });
  showTray({ app: followed, iconsDir, open, quit: () => app.quit() });
  setMenu({ dataDir: options.dataDir, open, window: window.current, about });
  app.on('activate', open);
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  powerMonitor.on('resume', () => runtime.wake());
  incoming.openWith(window.open);
}

/** Errors that the person can fix are one sentence; others keep their stack. */
function failToStart(error: unknown): void {
  if (error instanceof PrintAndExit) {
    process.stdout.write(`${error.message}\n`);
    app.exit(0);
    return;
  }
  const isExpected = error instanceof StartError;
  const text = error instanceof Error ? (isExpected ? error.message : (error.stack ?? error.message)) : String(error);
  process.stderr.write(`${text}\n`);
  // Started from a desktop's menu, stderr is not seen. Options are typed into a terminal, which shows what is wrong.
  const isRead = !app.isReady() && (process.stderr.isTTY || !app.isPackaged);
  if (!isRead) dialog.showErrorBox('Signalbox cannot start', text);
  app.exit(isExpected ? error.exitCode : 1);
}

/** Without a directory to write to there is no place for Chromium's files either: the question is asked from elsewhere. */
async function askForDataDir(error: StartError, options: StartOptions): Promise<void> {
  const emptyProfile = mkdtempSync(join(tmpdir(), 'signalbox-start-'));
  app.setPath('userData', emptyProfile);
  process.stderr.write(`${error.message}\n`);
  await app.whenReady();
  const next = await recoverStart(error, options);
  if (next !== null) app.relaunch();
  rmSync(emptyProfile, { recursive: true, force: true });
  app.exit(error.exitCode);
}

function main(): void {
  surviveGpuCrashes();
  registerAppScheme();
  registerLinkScheme();
  const { links, rest } = splitLinks(ownArguments(process.argv, app.getAppPath(), process.defaultApp === true));
  const options = parseOptions(rest, process.env, 'desktop');
  let instance: Instance;
  try {
    instance = takeInstance(options);
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    askForDataDir(error, options).catch(failToStart);
    return;
  }
  if (instance === 'second') {
    process.stderr.write('Signalbox is running already; its window is in front now.\n');
    app.exit(0);
    return;
  }
  const incoming = takeIncomingLinks(links);
  app
    .whenReady()
    .then(() => onReady(options, incoming))
    .catch(failToStart);
}

try {
  main();
} catch (error) {
  failToStart(error);
}
