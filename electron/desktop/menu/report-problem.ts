import { release } from 'node:os';
import { app, type BrowserWindow, clipboard, shell } from 'electron';
import type { Logger } from 'pino';
import { ask } from '../ask.ts';
import { crashReportsDir } from './crash-reports.ts';
import { listCrashReports } from './list-crash-reports.ts';
import { problemDetails } from './problem-details.ts';

export interface ReportDeps {
  logFile: string;
  dataDir: string;
  log: Logger;
  window(): BrowserWindow | null;
}

/** Shows what a report should say, and opens what belongs to it. Nothing is sent. */
export async function reportProblem({ logFile, dataDir, log, window }: ReportDeps): Promise<void> {
  const crashDir = crashReportsDir();
  const crashes = await listCrashReports(crashDir);
  const { electron = '', chrome = '', node = '' } = process.versions;
  const details = problemDetails({
    version: app.getVersion(),
    system: `${process.platform} ${release()} ${process.arch} · Electron ${electron} · Chromium ${chrome} · Node ${node}`,
    logFile,
    dataDir,
    crashes,
    crashDir,
  });
  const choice = await ask(
    {
      kind: 'question',
      message: 'Report a problem',
      detail: `${details}\n\nNothing is sent. Copy these details and send them with the log to your administrator. The log and crash reports can contain payloads.`,
      choices: [
        { key: 'copy', label: 'Copy Details' },
        { key: 'log', label: 'Show Log' },
        ...(crashes.length === 0 ? [] : [{ key: 'crashes' as const, label: 'Show Crash Reports' }]),
        { key: 'close', label: 'Close' },
      ],
      onClose: 'close',
    },
    { window: window() ?? undefined },
  );
  log.info({ choice }, 'answered: report a problem');
  if (choice === 'copy') clipboard.writeText(details);
  else if (choice === 'log') shell.showItemInFolder(logFile);
  else if (choice === 'crashes') shell.showItemInFolder(crashes[0]?.file ?? crashDir);
}
