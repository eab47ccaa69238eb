import { join } from 'node:path';
import { app, shell } from 'electron';
import type { Logger } from 'pino';

export interface AboutOptions {
  /** out/main */
  builtDir: string;
  iconFile: string;
  log: Logger;
}

export interface About {
  show(): void;
  showLicenses(): void;
}

/** The box with the version, and the licences of what is shipped, which the build writes into a text file. */
export function describeApp({ builtDir, iconFile, log }: AboutOptions): About {
  const { electron = '', chrome = '', node = '' } = process.versions;
  app.setAboutPanelOptions({
    applicationName: 'Signalbox',
    applicationVersion: app.getVersion(),
    version: `Electron ${electron}`,
    copyright: 'MIT License · Copyright © 2026 The Signalbox authors',
    credits: `Electron ${electron} · Chromium ${chrome} · Node ${node}`,
    authors: [`Electron ${electron}`, `Chromium ${chrome}`, `Node ${node}`],
    iconPath: iconFile,
  });
  // Another program opens it, which cannot read inside the archive of an installed app.
  const licenses = join(builtDir, '../third-party-licenses.txt').replace(/([/\\]app\.asar)(?=[/\\])/, '$1.unpacked');
  return {
    show: () => app.showAboutPanel(),
    showLicenses() {
      shell.openPath(licenses).then(
        (problem) => {
          if (problem !== '') log.warn({ licenses, problem }, 'the licenses could not be opened');
        },
        (error: unknown) => log.warn({ err: error, licenses }, 'the licenses could not be opened'),
      );
    },
  };
}
