import { join } from 'node:path';
import { Menu, nativeImage, Tray } from 'electron';
import type { FollowedApp } from './follow-app.ts';
import { type Lamp, lampOf, statusLines } from './status-lines.ts';

export interface TrayDeps {
  app: FollowedApp;
  iconsDir: string;
  open(): void;
  quit(): void;
}

/** A signal lamp in the tray with the state of things, changed only when what it says changes. */
export function showTray({ app, iconsDir, open, quit }: TrayDeps): Tray {
  const image = (lamp: Lamp): Electron.NativeImage => nativeImage.createFromPath(join(iconsDir, `tray-${lamp}.png`));
  let shown = '';
  const tray = new Tray(image(lampOf(app.status())));
  const update = (): void => {
    const lamp = lampOf(app.status());
    const lines = statusLines(app.status());
    const text = [lamp, ...lines].join('\n');
    if (text === shown || tray.isDestroyed()) return;
    shown = text;
    tray.setImage(image(lamp));
    tray.setToolTip(`Signalbox: ${lines.join(', ')}`);
    tray.setContextMenu(
      Menu.buildFromTemplate([
        ...lines.map((label) => ({ label, enabled: false })),
        { type: 'separator' },
        { label: 'Open Signalbox', click: open },
        { label: 'Quit', click: quit },
      ]),
    );
  };
  tray.on('click', open);
  app.onChange(update);
  update();
  return tray;
}
