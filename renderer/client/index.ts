import { readStored } from '../browser/storage.ts';
import { bridgeTransport, findBridge } from './bridge-transport.ts';
import { createClient } from './client.ts';
import { createDesktopClient, type DesktopClient } from './desktop-client.ts';
import { httpTransport } from './http-transport.ts';

export { AppError } from '../../shared/contract/errors.ts';
export type { CallInput, CallName, Output, PushName, PushValue } from '../../shared/contract/index.ts';
export { toAppError } from '../errors/app-error.ts';
export { deviceName, passkeysMissing } from './passkeys.ts';
export type { ConnectionPhase } from './transport.ts';

/** What the window showed last: `server` or `local`. The app's answer would come a moment after the first paint. */
export const connectionKey = 'signalbox.connection';

/** A proxy may show the console below a path: `/signalbox/` is the folder of `/signalbox/`, and nothing of `/`. */
const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/'));

const bridge = findBridge(globalThis);
/** The one line this window has to the app. */
export const client = createClient(
  bridge === null
    ? httpTransport({ base: folderOf(globalThis.location?.pathname ?? '/') })
    : bridgeTransport(bridge, readStored(connectionKey) === 'server'),
);

/** The desktop app around this window; null in a browser. */
export const desktop: DesktopClient | null = bridge === null ? null : createDesktopClient(bridge);

export const { call, onPush, onGap } = client;
