import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from '@playwright/test';
import { z } from 'zod';
import { electronDist } from '../../scripts/electron-dist.mjs';
import { electronArguments } from '../../scripts/start-options.mjs';
import { isRoot } from '../../scripts/system-packages.mjs';
import { statusSchema } from '../../shared/contract/app.ts';
import { ask } from '../process/http.ts';
import { seamEnvironment, stopRunsAtQuit, systemSeamFile } from './system-seam.ts';

const root = join(import.meta.dirname, '../..');

export interface Desktop {
  app: ElectronApplication;
  page: Page;
  receiverUrl: string;
  consoleUrl: string | null;
  post(event: Record<string, unknown>): Promise<string[]>;
}

const dist = electronDist();

/** The Electron of this clone; the test that asks for it fails where there is none. */
export function electronPath(): string {
  if (dist === undefined) throw new Error('there is no Electron here; npm test sets one up');
  return dist.executablePath;
}

/** What the launcher hands to Electron, and the seam to the system's dialogs and notifications. */
export const desktopArguments = (
  dataDir: string,
  more: readonly string[] = [],
  receiver: string | null = '127.0.0.1:0',
): string[] => {
  const own = ['--data-dir', dataDir, ...(receiver === null ? [] : ['--receiver', receiver]), ...more];
  return ['-r', systemSeamFile, ...electronArguments(own, { isRootOnLinux: isRoot() })];
};

/** `answers`: buttons of dialogs that are pressed at once when they are offered. */
export const desktopEnvironment = (answers: readonly string[] = [stopRunsAtQuit]): Record<string, string> => {
  const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env;
  const kept = Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  return { ...Object.fromEntries(kept), ...seamEnvironment(answers) };
};

export interface LaunchOptions {
  dataDir: string;
  args?: readonly string[];
  /** Null leaves it to the app; otherwise a free port of this machine. */
  receiver?: string | null;
  env?: Record<string, string>;
  answers?: readonly string[];
}

/** Starts the built app; whether it opens a window is up to the test. */
export const launchDesktop = ({ dataDir, args, receiver, env, answers }: LaunchOptions): Promise<ElectronApplication> =>
  _electron.launch({
    executablePath: electronPath(),
    args: desktopArguments(dataDir, args, receiver),
    cwd: root,
    env: { ...desktopEnvironment(answers), ...env },
  });

/** The page of the window, once it shows the console. */
export async function consolePage(app: ElectronApplication): Promise<Page> {
  const page = await app.firstWindow();
  await page.waitForFunction(() => document.querySelector('nav') !== null);
  return page;
}

/** Clicks the item of the menu bar with this id. */
export const clickMenuItem = (app: ElectronApplication, id: string): Promise<void> =>
  app.evaluate(({ Menu, BrowserWindow }, wanted) => {
    const item = Menu.getApplicationMenu()?.getMenuItemById(wanted);
    if (item === null || item === undefined) throw new Error(`the menu has no ${wanted}`);
    const [window] = BrowserWindow.getAllWindows();
    item.click({}, window, window?.webContents);
  }, id);

/** A call as the page itself makes it: through the bridge of the preload script. */
export async function callFromPage(page: Page, name: string, input: unknown): Promise<unknown> {
  const reply: unknown = await page.evaluate(
    ([callName, callInput]) => {
      const bridge: unknown = Reflect.get(window, 'signalbox');
      const call: unknown = Reflect.get(Object(bridge), 'call');
      return typeof call === 'function' ? call(callName, callInput) : null;
    },
    [name, input] as const,
  );
  return z.object({ ok: z.literal(true), value: z.unknown() }).parse(reply).value;
}

export const statusFromPage = async (page: Page) => statusSchema.parse(await callFromPage(page, 'app.status', {}));

/** Opens the built app in a window of its own on a data directory of its own. */
export async function openDesktop(place: { dir: string; dataDir: string; config: string }): Promise<Desktop> {
  const configFile = join(place.dir, 'signalbox.yaml');
  writeFileSync(configFile, place.config);
  const app = await launchDesktop({ dataDir: place.dataDir, args: ['--config', configFile] });
  const page = await consolePage(app);
  const value = await statusFromPage(page);
  return {
    app,
    page,
    receiverUrl: value.receiver.url,
    consoleUrl: value.consoleUrl,
    async post(event) {
      const answer = await ask(`${value.receiver.url}/in/shop`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(event),
      });
      return z.object({ events: z.array(z.string()) }).parse(JSON.parse(answer.text)).events;
    },
  };
}
