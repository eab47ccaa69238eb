import { app } from 'electron';

/** The box with the version; gives the way to show it. */
export function describeApp(iconFile: string): () => void {
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
  return () => app.showAboutPanel();
}
