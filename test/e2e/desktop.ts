import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from '@playwright/test';
import { z } from 'zod';
import { electronDist } from '../../scripts/electron-dist.mjs';
import { electronArguments } from '../../scripts/start-options.mjs';
import { isRoot } from '../../scripts/system-packages.mjs';
import { statusSchema } from '../../shared/contract/app.ts';
import { ask } from '../process/http.ts';

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

/** What the launcher hands to Electron. */
export const desktopArguments = (dataDir: string, more: readonly string[] = []): string[] =>
  electronArguments(['--data-dir', dataDir, '--receiver', '127.0.0.1:0', ...more], { isRootOnLinux: isRoot() });

export const desktopEnvironment = (): Record<string, string> => {
  const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env;
  const kept = Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  return Object.fromEntries(kept);
};

/** Opens the built app in a window of its own on a data directory of its own. */
export async function openDesktop(place: { dir: string; dataDir: string; config: string }): Promise<Desktop> {
  const configFile = join(place.dir, 'signalbox.yaml');
  writeFileSync(configFile, place.config);
  const app = await _electron.launch({
    executablePath: electronPath(),
    args: desktopArguments(place.dataDir, ['--config', configFile]),
    cwd: root,
    env: desktopEnvironment(),
  });
  const page = await app.firstWindow();
  await page.waitForFunction(() => document.querySelector('nav') !== null);
  // As the page itself asks: through the bridge of the preload script.
  const reply: unknown = await page.evaluate(() => {
    const bridge: unknown = Reflect.get(window, 'signalbox');
    if (typeof bridge !== 'object' || bridge === null) return null;
    const call: unknown = Reflect.get(bridge, 'call');
    return typeof call === 'function' ? call('app.status', {}) : null;
  });
  const { value } = z.object({ ok: z.literal(true), value: statusSchema }).parse(reply);
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
