import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { shell } from 'electron';
import type { Logger } from 'pino';

/** Another program opens the file, which cannot read inside the archive of an installed app. */
const outsideArchive = (file: string): string => file.replace(/([/\\]app\.asar)(?=[/\\])/, '$1.unpacked');

export interface ShippedFiles {
  showDocumentation(): void;
  showLicenses(): void;
}

/** What the build writes beside the app for people to read; opened with the program that the system has for it. */
export function openShippedFiles(builtDir: string, log: Logger): ShippedFiles {
  const open = (name: string): void => {
    const file = outsideArchive(join(builtDir, '..', name));
    const problemIs = (problem: unknown): void => log.warn({ file, problem }, 'the file could not be opened');
    if (existsSync(file)) {
      shell.openPath(file).then((problem) => {
        if (problem !== '') problemIs(problem);
      }, problemIs);
    } else problemIs('it does not exist; run "npm run build"');
  };
  return {
    showDocumentation: () => open('documentation/index.html'),
    showLicenses: () => open('third-party-licenses.txt'),
  };
}
