import { AppError } from '../../../shared/contract/errors.ts';

/** Hosts whose traffic stays on this computer. */
export const isLoopbackHost = (hostname: string): boolean =>
  hostname === 'localhost' ||
  hostname.endsWith('.localhost') ||
  hostname === '[::1]' ||
  /^127(\.\d{1,3}){3}$/.test(hostname);

/**
 * The address of a server's console as it is kept: origin and path, without a slash at the end. Without a scheme it is
 * https, except on this computer. Throws AppError.
 */
export function parseServerAddress(text: string): string {
  const typed = text.trim();
  const invalid = (why: string): AppError =>
    new AppError(
      'invalid_input',
      `The address ${why}. Enter it as https://ops.example.com or https://example.com/signalbox.`,
    );
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(typed);
  const assumed = hasScheme ? typed : `https://${typed}`;
  if (!URL.canParse(assumed)) throw invalid('cannot be read');
  const url = new URL(assumed);
  if (!hasScheme && isLoopbackHost(url.hostname)) {
    // Not by `protocol`: the port of the other scheme has been dropped by then.
    return parseServerAddress(`http://${typed}`);
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw invalid('must begin with https:// or http://');
  if (url.username !== '' || url.password !== '') throw invalid('must not hold a name or password');
  // A sign-in address is one as well; its code stays out of what is kept.
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}
