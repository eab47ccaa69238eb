import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { app, dialog } from 'electron';
import { ownArguments } from './desktop/lifetime/command-line.ts';
import { registerLinkScheme, takeIncomingLinks } from './desktop/lifetime/incoming-links.ts';
import { splitLinks } from './desktop/lifetime/links.ts';
import { openDesktop } from './desktop/lifetime/open-desktop.ts';
import { recoverStart } from './desktop/lifetime/recover-start.ts';
import { type Instance, takeInstance } from './desktop/lifetime/single-instance.ts';
import { keepCrashReports } from './desktop/menu/crash-reports.ts';
import { registerAppScheme } from './desktop/pages/protocol.ts';
import { surviveGpuCrashes } from './desktop/window/gpu-recovery.ts';
import { parseOptions } from './runtime/options.ts';
import type { StartOptions } from './runtime/runtime-types.ts';
import { PrintAndExit, StartError } from './upkeep/start-error.ts';

// Built, this file is out/main/desktop.js.
const builtDir = import.meta.dirname;

// electron-vite's server while developing. Not in what `npm start` runs, where the environment would decide which page
// may call: whatever is served at that address could make a job and run it.
const developmentUrl = import.meta.env.DEV ? process.env.ELECTRON_RENDERER_URL : undefined;

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
    process.stderr.write('Signalbox is already running. Its window is now in front.\n');
    app.exit(0);
    return;
  }
  keepCrashReports();
  const incoming = takeIncomingLinks(links);
  app
    .whenReady()
    .then(() => openDesktop({ options, ownArgs: rest, incoming, builtDir, developmentUrl }))
    .catch(failToStart);
}

try {
  main();
} catch (error) {
  failToStart(error);
}
