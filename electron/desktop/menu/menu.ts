import { app, type BrowserWindow, Menu, type MenuItemConstructorOptions } from 'electron';
import type { DesktopMessage } from '../../../shared/contract/desktop.ts';
import { tellPage } from '../window/tell-page.ts';
import { applyWindowKey, type WindowKey } from '../window/window-keys.ts';

export interface MenuDeps {
  connections: {
    list(): readonly { id: string; name: string }[];
    /** Null: this computer. */
    current(): string | null;
    show(id: string | null): void;
  };
  /** Shows the window, at the path when there is one. */
  open(path?: string): void;
  /** The window that the entries act on; null while there is none. */
  window(): BrowserWindow | null;
  showAbout(): void;
  showDocumentation(): void;
  showLicenses(): void;
  showLog(): void;
  showDataFolder(): void;
  reportProblem(): void;
  checkForUpdate(): void;
}

type Items = MenuItemConstructorOptions[];
const separator = { type: 'separator' } as const;

/** In the order of the navigation. */
const places = [
  ['Live', '/live'],
  ['Inbox', '/inbox'],
  ['Runs', '/runs'],
  ['Insights', '/insights'],
  ['Listeners', '/listeners'],
  ['Jobs', '/jobs'],
  ['Sources', '/sources'],
] as const;

/** Every entry has an id, by which it is found. */
export function menuTemplate(deps: MenuDeps, isMac: boolean): Items {
  const { open, window, connections } = deps;
  type Command = Extract<DesktopMessage, { type: 'command' }>['command'];
  const inPage = (id: string, label: string, accelerator: string, command: Command): MenuItemConstructorOptions => ({
    id,
    label,
    accelerator,
    // The page takes the keys itself: what has the focus may use them otherwise.
    registerAccelerator: false,
    click: () => tellPage(window(), { type: 'command', command }),
  });
  // The window takes these keys itself, with their variants; here they are only shown.
  const inWindow = (label: string, accelerator: string, key: WindowKey): MenuItemConstructorOptions => ({
    id: key,
    label,
    accelerator,
    registerAccelerator: false,
    click() {
      const shown = window();
      if (shown !== null) applyWindowKey(shown, key);
    },
  });
  const settings: Items = [
    { id: 'settings', label: 'Settings…', accelerator: 'CmdOrCtrl+,', click: () => open('/settings') },
  ];
  const about: Items = [{ id: 'about', label: 'About Signalbox', click: deps.showAbout }];

  const file: Items = [
    { id: 'open-window', label: 'Open Window', accelerator: 'CmdOrCtrl+N', click: () => open() },
    { id: 'connect', label: 'Connect to a Server…', click: () => open('/connections') },
    {
      label: 'Connection',
      submenu: [{ id: null, name: 'This Computer' }, ...connections.list()].map(({ id, name }) => ({
        id: `connection-${id ?? 'local'}`,
        // An ampersand would mark a key.
        label: name.replaceAll('&', '&&'),
        type: 'radio' as const,
        checked: connections.current() === id,
        click: () => connections.show(id),
      })),
    },
    separator,
    { id: 'raise', label: 'Raise an Event…', click: () => open('/live/raise') },
    separator,
    {
      id: 'print',
      label: 'Print…',
      accelerator: 'CmdOrCtrl+P',
      click: () => window()?.webContents.print({ printBackground: false }),
    },
    ...(isMac ? [] : [separator, ...settings]),
    separator,
    { id: 'close', role: 'close' },
    ...(isMac ? [] : [{ id: 'quit', role: 'quit' } satisfies MenuItemConstructorOptions]),
  ];
  const edit: Items = [
    { role: 'undo' },
    { role: 'redo' },
    separator,
    { role: 'cut' },
    { role: 'copy' },
    { role: 'paste' },
    { role: 'delete' },
    { role: 'selectAll' },
    separator,
    inPage('find', 'Find in Page…', 'CmdOrCtrl+Shift+F', 'find'),
  ];
  const view: Items = [
    inPage('command-palette', 'Command Palette…', 'CmdOrCtrl+K', 'command-palette'),
    { role: 'reload' },
    separator,
    inWindow('Actual Size', 'CmdOrCtrl+0', 'zoom-reset'),
    inWindow('Zoom In', 'CmdOrCtrl+=', 'zoom-in'),
    inWindow('Zoom Out', 'CmdOrCtrl+-', 'zoom-out'),
    separator,
    { role: 'togglefullscreen' },
    ...(app.isPackaged ? [] : [separator, { role: 'toggleDevTools' } satisfies MenuItemConstructorOptions]),
  ];
  const go: Items = [
    inWindow('Back', isMac ? 'Cmd+[' : 'Alt+Left', 'back'),
    inWindow('Forward', isMac ? 'Cmd+]' : 'Alt+Right', 'forward'),
    separator,
    ...places.map(([label, path]) => ({ id: `go${path}`, label, click: () => open(path) })),
  ];
  const help: Items = [
    { id: 'documentation', label: 'Documentation', accelerator: 'F1', click: deps.showDocumentation },
    inPage('keyboard-shortcuts', 'Keyboard Shortcuts', '?', 'keyboard-shortcuts'),
    { id: 'licenses', label: 'Licenses', click: deps.showLicenses },
    separator,
    { id: 'log', label: 'Show Log', click: deps.showLog },
    { id: 'data-folder', label: 'Show Data Folder', click: deps.showDataFolder },
    { id: 'report', label: 'Report a Problem…', click: deps.reportProblem },
    separator,
    { id: 'updates', label: 'Check for Updates…', click: deps.checkForUpdate },
    // macOS has it in the app's own menu.
    ...(isMac ? [] : about),
  ];
  const mac: Items = [
    {
      label: app.name,
      submenu: [
        ...about,
        separator,
        ...settings,
        separator,
        { role: 'services' },
        separator,
        { role: 'hide' },
        { role: 'hideOthers' },
        { role: 'unhide' },
        separator,
        { role: 'quit' },
      ],
    },
  ];
  return [
    ...(isMac ? mac : []),
    { label: 'File', submenu: file },
    { label: 'Edit', submenu: edit },
    { label: 'View', submenu: view },
    { label: 'Go', submenu: go },
    { role: 'windowMenu', label: 'Window' },
    { role: 'help', label: 'Help', submenu: help },
  ];
}

/** Puts the menu bar up; gives the way to make it anew from what has changed. */
export function setMenu(deps: MenuDeps): () => void {
  const show = (): void =>
    Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(deps, process.platform === 'darwin')));
  show();
  return show;
}
