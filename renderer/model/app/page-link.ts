import { linkOfPath } from '../../../shared/page-links.ts';
import { copyText } from '../../browser/copy-text.ts';
import { client } from '../../client/index.ts';
import { hrefOf } from './paths.ts';

/** A link that opens the page: in a browser its address, in the desktop app one that the running app opens. */
export const linkTo = (path: string): string | null =>
  client.kind === 'ipc' ? linkOfPath(path) : new URL(hrefOf(path), window.location.href).href;

/** Copies the link to the current page, in a browser with its filter. False: the page has no link. */
export async function copyPageLink(): Promise<boolean> {
  const link = linkTo(window.location.hash.replace(/^#/, ''));
  if (link !== null) await copyText(link);
  return link !== null;
}
