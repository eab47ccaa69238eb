import { copyPageLink } from '../../model/app/page-link.ts';
import { showDone, showFailure } from '../../ui/feedback/toasts.tsx';

/** Copies the link to the page on show, and says whether that worked. */
export async function copyLink(): Promise<void> {
  try {
    showDone((await copyPageLink()) ? 'Link copied' : 'This page has no link');
  } catch (error) {
    showFailure(error, 'Copy failed');
  }
}
