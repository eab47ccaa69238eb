import { app, crashReporter } from 'electron';

/** Must run before 'ready', once Chromium's own folder is set. Reports stay on this computer: nothing is uploaded. */
export function keepCrashReports(): void {
  crashReporter.start({ uploadToServer: false, compress: false });
}

export const crashReportsDir = (): string => app.getPath('crashDumps');
