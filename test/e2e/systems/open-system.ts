import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { _electron, type Browser, type ElectronApplication, expect, type Page } from '@playwright/test';
import type { z } from 'zod';
import { statusSchema } from '../../../shared/contract/app.ts';
import { type CallInput, type CallName, contract, type Input, type Output } from '../../../shared/contract/index.ts';
import { replySchema } from '../../../shared/contract/reply.ts';
import { type Answer, type Ask, ask } from '../../process/http.ts';
import { makePlace, startSignalbox, until } from '../../process/signalbox.ts';
import { wholePage } from '../../support/whole-page.ts';
import { goTo, signIn } from '../demo.ts';
import { desktopArguments, desktopEnvironment, electronPath } from '../desktop.ts';

const root = join(import.meta.dirname, '../../..');
const schemas: { [N in CallName]: { input: z.ZodType<Input<N>>; output: z.ZodType<Output<N>> } } = contract;

export interface SystemStart {
  /** Where the console is looked at: Electron's window, or a page of this browser on the headless app. */
  view: 'window' | { browser: Browser };
  /** YAML, handed over with --config. Without it definitions are made in the window or by `call`. */
  config?: string;
  /** Files beside the config by their relative paths, such as the scripts of its jobs. */
  files?: Record<string, string>;
  /** For the app alone, such as secrets that the config names. */
  env?: Record<string, string>;
}

export interface OpenSystem {
  page: Page;
  /** Of a window; null in a browser. */
  electron: ElectronApplication | null;
  /** Holds the config, its files and the data directory. */
  dir: string;
  dataDir: string;
  /** Base of the receiver, without a slash at the end. */
  receiverUrl: string;
  /** A request to the receiver as a sender makes it: `path` is all behind `/in/`. */
  send(path: string, request?: Ask): Promise<Answer>;
  /** POST of JSON (of text as it is). */
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** The ids of the events that a delivery became; throws when it was refused. */
  accept(path: string, body: unknown, headers?: Record<string, string>): Promise<string[]>;
  /** A call's value, held against the contract; throws when it is refused. Goes the way that the page's own calls go. */
  call<N extends CallName>(name: N, input: CallInput<N>): Promise<Output<N>>;
  /** To one of the console's own addresses, without loading it anew. */
  goTo(path: string): Promise<void>;
  /** What the page has complained about in its console; a test ends with `expect(open.complaints).toEqual([])`. */
  complaints: string[];
  /** The end of the app and of all that it has kept. */
  end(): Promise<void>;
}

/** What an answer says it has become; for `send`, whose requests need not be JSON. */
export function acceptedEvents({ status, text }: Answer): string[] {
  const answer: { events?: string[] } = status < 300 && text.startsWith('{') ? JSON.parse(text) : {};
  if (answer.events === undefined) throw new Error(`answered ${status}: ${text}`);
  return answer.events;
}

function readReply(name: string, reply: unknown): unknown {
  const read = replySchema.parse(reply);
  if (!read.ok) throw new Error(`${name}: ${read.error.code}: ${read.error.message}`);
  return read.value;
}

/** As the page itself asks in the window: through the bridge of the preload script. */
const callBridge = (page: Page, name: string, input: unknown): Promise<unknown> =>
  page.evaluate(
    (given) => {
      const bridge: unknown = Reflect.get(window, 'signalbox');
      const call: unknown = typeof bridge === 'object' && bridge !== null ? Reflect.get(bridge, 'call') : null;
      return typeof call === 'function' ? call(given.name, given.input) : null;
    },
    { name, input },
  );

function listen(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  return complaints;
}

interface Opened {
  page: Page;
  electron: ElectronApplication | null;
  receiverUrl: string;
  complaints: string[];
  call: OpenSystem['call'];
  end(): Promise<void>;
}

type Place = ReturnType<typeof makePlace>;

async function openWindow(start: SystemStart, place: Place): Promise<Opened> {
  const configFile = join(place.dir, 'signalbox.yaml');
  if (start.config !== undefined) writeFileSync(configFile, start.config);
  const app = await _electron.launch({
    executablePath: electronPath(),
    args: desktopArguments(place.dataDir, start.config === undefined ? [] : ['--config', configFile]),
    cwd: root,
    env: { ...desktopEnvironment(), ...start.env },
  });
  const page = await app.firstWindow();
  const complaints = listen(page);
  await page.getByRole('navigation', { name: 'Pages' }).waitFor();
  const call: OpenSystem['call'] = async (name, input) => {
    const value = await wholePage(name, input, async (asked) => readReply(name, await callBridge(page, name, asked)));
    return schemas[name].output.parse(value);
  };
  const { receiver } = statusSchema.parse(await call('app.status', {}));
  return { page, electron: app, complaints, receiverUrl: receiver.url, call, end: () => app.close() };
}

async function openPage(start: SystemStart, browser: Browser, place: Place): Promise<Opened> {
  const { config, env = {} } = start;
  const box = await startSignalbox({ dataDir: place.dataDir, config, env });
  try {
    const page = await browser.newPage();
    const complaints = listen(page);
    await signIn(page, box);
    const end = async (): Promise<void> => {
      await page.close();
      await box.end();
    };
    return { page, electron: null, complaints, receiverUrl: box.receiverUrl, call: box.call, end };
  } catch (error) {
    await box.end();
    throw error;
  }
}

/** The built app on a data directory of its own, with a page to look at it. `end` must be called. */
export async function openSystem(start: SystemStart): Promise<OpenSystem> {
  const place = makePlace();
  for (const [path, text] of Object.entries(start.files ?? {})) {
    const file = join(place.dir, path);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, text);
  }
  let opened: Opened;
  try {
    opened = await (start.view === 'window' ? openWindow(start, place) : openPage(start, start.view.browser, place));
  } catch (error) {
    place.remove();
    throw error;
  }
  const { page, electron, receiverUrl, complaints, call } = opened;
  const send: OpenSystem['send'] = (path, request) => ask(`${receiverUrl}/in/${path}`, request);
  const post: OpenSystem['post'] = (path, body, headers = {}) =>
    send(path, {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    });
  return {
    page,
    electron,
    dir: place.dir,
    dataDir: place.dataDir,
    receiverUrl,
    complaints,
    call,
    send,
    post,
    accept: async (path, body, headers) => acceptedEvents(await post(path, body, headers)),
    goTo: (path) => goTo(page, path),
    async end() {
      await opened.end();
      place.remove();
    },
  };
}

const over = ['completed', 'failed', 'canceled'];

/** The only run of an event, once `isThere` says so: once it has ended unless told otherwise. */
export function runOf(
  open: OpenSystem,
  eventId: string,
  isThere: (run: Output<'runs.get'>) => boolean = ({ state }) => over.includes(state),
): Promise<Output<'runs.get'>> {
  return until(`the run of event ${eventId}`, async () => {
    const { items } = await open.call('runs.list', { eventId });
    if (items.length > 1) throw new Error(`event ${eventId} started ${items.length} runs`);
    const [run] = items;
    if (run === undefined || !isThere(await open.call('runs.get', { id: run.id }))) return null;
    return open.call('runs.get', { id: run.id });
  });
}

/**
 * A picture of what the page shows, dark and light, narrow and wide, for a person to look at. Does nothing unless the
 * environment names a folder for them: SIGNALBOX_LOOK=/tmp/look npx playwright test systems
 */
export async function look(page: Page, name: string): Promise<void> {
  const folder = process.env.SIGNALBOX_LOOK;
  if (folder === undefined) return;
  const before = page.viewportSize();
  mkdirSync(folder, { recursive: true });
  for (const width of [1280, 1920]) {
    await page.setViewportSize({ width, height: width === 1280 ? 800 : 1080 });
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
      const path = join(folder, `${name}-${width}-${colorScheme}.png`);
      await page.screenshot({ path, animations: 'disabled' });
    }
  }
  await page.emulateMedia({ colorScheme: null, reducedMotion: 'reduce' });
  if (before !== null) await page.setViewportSize(before);
}

/** The row of a list that says so. */
export const rowOf = (page: Page, list: string, text: string | RegExp) =>
  page.getByRole('listbox', { name: list }).getByRole('option', { name: text });

/** Shows an event, and one of its tabs. */
export async function showEvent(open: OpenSystem, id: string, tab: string): Promise<void> {
  await open.goTo(`/live/${id}`);
  await open.page.getByRole('tab', { name: new RegExp(`^${tab}`) }).click();
  await expect(open.page.getByRole('tabpanel')).toBeVisible();
}
