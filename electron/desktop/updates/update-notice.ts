import type { Logger } from 'pino';
import { errorText } from '../../../shared/error-text.ts';
import { type Release, readUpdateFeed } from './update-feed.ts';

export interface UpdateNoticeDeps {
  version: string;
  /** Empty: no updates are looked for. */
  feed(): string;
  get: Parameters<typeof readUpdateFeed>[2];
  /** Of a newer version, once for each version. */
  tell(release: Release): void;
  onChange(): void;
  log: Logger;
  every(ms: number, callback: () => void): () => void;
}

export interface Updates {
  available: Release | null;
  checkedAt: string | null;
  problem: string | null;
}

export interface UpdateNotice {
  state(): Updates;
  /** Looks now; what comes of it is in `state`. */
  check(): Promise<void>;
  stop(): void;
}

const dayMs = 24 * 60 * 60_000;
const nothingYet: Updates = { available: null, checkedAt: null, problem: null };

/** Looks for a newer version at start and once a day where a feed is configured. Nothing is downloaded. */
export function followUpdates(deps: UpdateNoticeDeps): UpdateNotice {
  const { log, feed } = deps;
  let state = nothingYet;

  async function check(): Promise<void> {
    const asked = feed();
    if (asked === '') {
      const isNews = state !== nothingYet;
      state = nothingYet;
      if (isNews) deps.onChange();
      return;
    }
    const before = state.available;
    let next: Updates;
    try {
      const available = await readUpdateFeed(asked, deps.version, deps.get);
      next = { available, checkedAt: new Date().toISOString(), problem: null };
    } catch (error) {
      log.warn({ err: error, feed: asked }, 'the update feed could not be read');
      next = { ...state, problem: errorText(error) };
    }
    // Another feed was configured meanwhile, and has been asked as well.
    if (asked !== feed()) return;
    state = next;
    const { available } = state;
    if (available !== null && available.version !== before?.version) {
      log.info({ version: available.version, url: available.url }, 'a newer version is available');
      deps.tell(available);
    }
    deps.onChange();
  }

  const checkUnasked = (): void => {
    check().catch((error: unknown) => log.warn({ err: error }, 'updates could not be looked for'));
  };
  const stop = deps.every(dayMs, checkUnasked);
  checkUnasked();
  return { state: () => state, check, stop };
}
