import { join } from 'node:path';
import { app, ipcMain, net, powerMonitor, shell } from 'electron';
import { isDesktopCall } from '../../../shared/contract/desktop.ts';
import { openLateLog } from '../../runtime/log/late-log.ts';
import type { Runtime, StartOptions } from '../../runtime/runtime-types.ts';
import { notifyOfServers } from '../connections/server-notifications.ts';
import { answerDesktopCall } from '../desktop-calls.ts';
import { openDesktopFile } from '../desktop-file.ts';
import { startAtLogin } from '../login/start-at-login.ts';
import { describeApp } from '../menu/about.ts';
import { openShippedFiles } from '../menu/documentation.ts';
import { setMenu } from '../menu/menu.ts';
import { reportProblem } from '../menu/report-problem.ts';
import { hardenPages } from '../pages/hardening.ts';
import { answerCalls } from '../pages/ipc.ts';
import { lateHub } from '../pages/late-hub.ts';
import { ownPages } from '../pages/own-pages.ts';
import { appOrigin, serveAppScheme } from '../pages/protocol.ts';
import { openSecretBox } from '../secret-box.ts';
import { describeBackground } from '../status/background-notice.ts';
import { type FollowedApp, followApp } from '../status/follow-app.ts';
import { createNotes } from '../status/notes.ts';
import { notifyOfRuns } from '../status/notifications.ts';
import { showTray } from '../status/tray.ts';
import { hasTray } from '../status/tray-presence.ts';
import { checkForUpdate } from '../updates/check-for-update.ts';
import { followUpdates } from '../updates/update-notice.ts';
import { monitorGpu } from '../window/gpu-recovery.ts';
import { keepOneWindow } from '../window/one-window.ts';
import { tellPage } from '../window/tell-page.ts';
import { createDesktopHandlers, type DesktopHandlerDeps, readDesktopState } from './desktop-handlers.ts';
import type { takeIncomingLinks } from './incoming-links.ts';
import { openWindowConnections } from './open-connections.ts';
import { drainBeforeQuit, type Quitting } from './quit.ts';
import { startOrRecover } from './start-runtime.ts';

export interface DesktopDeps {
  options: StartOptions;
  /** The app's own arguments, as they were given. */
  ownArgs: readonly string[];
  incoming: ReturnType<typeof takeIncomingLinks>;
  /** out/main */
  builtDir: string;
  /** Where the renderer is served while it is developed. */
  developmentUrl: string | undefined;
}

/** A window that has not painted by then, such as without a graphics driver, holds the receiver up no longer. */
const paintWithinMs = 1500;

/**
 * Opens the window, starts the app behind it, and then what needs the app: tray, notifications, the way to quit. Reads from
 * top to bottom; call it after 'ready'.
 */
export async function openDesktop({
  options,
  ownArgs,
  incoming,
  builtDir,
  developmentUrl,
}: DesktopDeps): Promise<void> {
  const { dataDir } = options;
  const iconsDir = join(builtDir, '../../resources/icons');
  const iconFile = join(iconsDir, 'icon-256.png');
  const pageUrl = developmentUrl ?? appOrigin;
  const pages = ownPages(pageUrl);
  let runtime: Runtime | null = null;
  let followed: FollowedApp | null = null;
  let quitting: Quitting | null = null;
  const log = openLateLog(options.logLevel, () => runtime?.log ?? null);
  serveAppScheme(join(builtDir, '../renderer'));
  hardenPages(pages, log);

  let announce: (opened: Runtime) => void = () => undefined;
  /** Never, when the app cannot start: it then ends. */
  const started = new Promise<Runtime>((resolve) => {
    announce = resolve;
  });
  const kept = openDesktopFile(dataDir, log);
  const login = startAtLogin(ownArgs);
  const notes = createNotes(iconFile);
  let inTray = process.platform !== 'linux';
  hasTray(process.platform).then(
    (found) => {
      inTray = found;
    },
    (error: unknown) => log.debug({ err: error }, 'whether there is a tray could not be found out'),
  );

  const updates = followUpdates({
    version: app.getVersion(),
    feed: () => kept.get().updateFeed,
    get: (url, init) => net.fetch(url, { ...init, credentials: 'omit' }),
    tell({ version, url }) {
      if (kept.get().toldVersion === version) return;
      kept.change({ toldVersion: version });
      const note = { title: `Signalbox ${version} is available`, body: `This is ${app.getVersion()}. ${url}` };
      notes.show(note, () => window.open('/settings'));
    },
    onChange: () => announceState(),
    log,
    every(ms, callback) {
      const timer = setInterval(callback, ms);
      return () => clearInterval(timer);
    },
  });
  const { connections, isSwitching } = openWindowConnections({
    dataDir,
    local: lateHub(started.then(({ pushHub }) => pushHub)),
    secretBox: openSecretBox,
    window: () => window,
    onChange: () => announceState(),
    log,
  });
  const window = keepOneWindow(connections.hub, {
    url: pageUrl,
    preloadFile: join(builtDir, '../preload/preload.cjs'),
    iconFile,
    stateFile: join(dataDir, 'window-state.json'),
    log,
    staysOnClose: () => followed?.settings().keepInTray === true && quitting?.isQuitting() !== true,
    stepAside(closed) {
      if (inTray) closed.hide();
      else closed.minimize();
      if (kept.get().saidInBackground) return;
      kept.change({ saidInBackground: true });
      notes.show(describeBackground(inTray), () => window.open());
    },
    isQuitting: () => quitting?.isQuitting() === true || isSwitching(),
  });
  const ofDesktop: DesktopHandlerDeps = {
    connections,
    keepsTokens: () => openSecretBox() !== undefined,
    login,
    updates,
    kept,
  };
  const desktopHandlers = createDesktopHandlers(ofDesktop);
  answerCalls({
    port: ipcMain,
    handlers: started.then(({ handlers }) => handlers),
    elsewhere: (name, input) =>
      isDesktopCall(name) ? answerDesktopCall(desktopHandlers, name, input, log) : connections.answer(name, input),
    log,
    isOwnPage: pages.isOwnPage,
  });
  const serverNotifications = notifyOfServers({
    connections,
    notes,
    open: (id, path) => switchTo(id, path),
  });
  const switchTo = (id: string | null, path?: string): void => {
    connections
      .show(id, path)
      .catch((error: unknown) => log.error({ err: error }, 'the connection could not be changed'));
  };

  const run = (what: string, action: () => Promise<void>) => (): void => {
    action().catch((error: unknown) => log.error({ err: error }, `${what} failed`));
  };
  const logFile = join(dataDir, 'signalbox.log');
  const files = openShippedFiles(builtDir, log);
  const updateMenu = setMenu({
    connections: { list: connections.list, current: connections.current, show: switchTo },
    open: window.open,
    window: window.current,
    showAbout: describeApp(iconFile),
    ...files,
    showLog: () => shell.showItemInFolder(logFile),
    showDataFolder: () => shell.showItemInFolder(dataDir),
    reportProblem: run('reporting a problem', () => reportProblem({ logFile, dataDir, log, window: window.current })),
    checkForUpdate: run('looking for updates', () =>
      checkForUpdate({
        version: app.getVersion(),
        feed: () => kept.get().updateFeed,
        updates,
        window: window.current,
        openSettings: () => window.open('/settings'),
      }),
    ),
  });
  const announceState = (): void => {
    tellPage(window.current(), { type: 'state', state: readDesktopState(ofDesktop) });
    updateMenu();
    serverNotifications.update();
  };
  serverNotifications.update();
  monitorGpu({ log, hideWindow: window.hide });

  // A restore opens no window: it says what it did and ends.
  if (options.restoreFile === null) {
    incoming.openWith(window.open);
    // Reading the app's code and opening the database block this process, which also serves the page its files.
    await window.firstPaint(paintWithinMs);
  }
  const opened = await startOrRecover(options, builtDir);
  if (opened === null) return;
  const status = await followApp(opened);
  runtime = opened;
  followed = status;
  announce(opened);
  quitting = drainBeforeQuit({
    runtime: opened,
    followed: status,
    window: () => window,
    release() {
      updates.stop();
      serverNotifications.close();
      connections.close();
      stopNotifying();
      notes.close();
      status.close();
    },
  });
  const stopNotifying = notifyOfRuns({
    runtime: opened,
    app: status,
    notes,
    isWanted: () => status.settings().notifyOnFailure,
    // They tell of this computer, whichever connection is on show.
    open: (path) => switchTo(null, path),
  });
  showTray({ app: status, iconsDir, open: () => window.open(), quit: () => app.quit() });
  app.on('activate', () => window.open());
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  powerMonitor.on('resume', () => opened.wake());
}
