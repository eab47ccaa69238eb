import type { CrashReport } from './list-crash-reports.ts';

interface Details {
  version: string;
  system: string;
  logFile: string;
  dataDir: string;
  crashes: readonly CrashReport[];
  crashDir: string;
}

/** More are only counted. */
const maxListed = 5;

/** What a report of a problem should say. It names files and holds nothing of what is in them. */
export function problemDetails({ version, system, logFile, dataDir, crashes, crashDir }: Details): string {
  const listed = crashes
    .slice(0, maxListed)
    .map(({ file, atMs, bytes }) => `  ${new Date(atMs).toISOString()}  ${Math.ceil(bytes / 1024)} KB  ${file}`);
  const more = crashes.length > maxListed ? [`  and ${crashes.length - maxListed} older`] : [];
  return [
    `Signalbox ${version}`,
    system,
    `Log: ${logFile}`,
    `Data directory: ${dataDir}`,
    crashes.length === 0 ? `Crash reports: none in ${crashDir}` : 'Crash reports:',
    ...listed,
    ...more,
  ].join('\n');
}
