import { protocol } from 'electron';
import { serveRendererFiles } from './renderer-files.ts';

export const appOrigin = 'app://signalbox/';

/**
 * Must run before 'ready'. A scheme of our own instead of file://, where every file of the machine is of one origin;
 * `standard` and `secure` give it an origin, so that 'self' in the content security policy means our files.
 */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

export function serveAppScheme(rendererDir: string): void {
  protocol.handle('app', serveRendererFiles(rendererDir));
}
