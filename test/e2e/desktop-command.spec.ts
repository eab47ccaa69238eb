import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { makePlace } from '../process/signalbox.ts';
import { consolePage, launchDesktop, statusFromPage } from './desktop.ts';

const command = join(import.meta.dirname, '../../bin/signalbox.mjs');

test('the command reaches the app with a window, whose console port is closed', async () => {
  const place = makePlace();
  const app = await launchDesktop({ dataDir: place.dataDir });
  try {
    const { receiver } = await statusFromPage(await consolePage(app));
    const { stdout } = await promisify(execFile)(process.execPath, [command, 'status', '--data-dir', place.dataDir]);
    expect(JSON.parse(stdout)).toMatchObject({ mode: 'desktop', consoleUrl: null, receiver: { url: receiver.url } });
  } finally {
    await app.close();
    place.remove();
  }
});
