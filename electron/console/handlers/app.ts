import type { Status } from '../../../shared/contract/app.ts';
import type { Handlers } from '../../../shared/contract/index.ts';
import { isoTime, isoTimeOrNull } from '../../store/database/times.ts';
import { defaultPageLimit } from '../../store/paging/page.ts';
import type { Reader } from '../../store/read/reader.ts';
import type { BlindWindow } from '../../store/upkeep/outages.ts';
import type { SignInUrl } from '../auth/sign-in-codes.ts';

export interface AppHandlerDeps {
  status: () => Status;
  setReceiverAddress: (address: { host: string; port: number } | null) => Promise<void>;
  blindWindows: (limit: number) => BlindWindow[];
  createSignInUrl: () => SignInUrl;
  reader: Reader;
  nowMs: () => number;
}

export function appHandlers(
  deps: AppHandlerDeps,
): Pick<Handlers, Extract<keyof Handlers, `app.${string}`> | 'runs.list'> {
  return {
    'app.status': () => deps.status(),
    'app.setReceiverAddress': async ({ address }) => {
      await deps.setReceiverAddress(address);
      return deps.status();
    },
    'app.createSignInUrl': () => {
      const { expiresAtMs, ...urls } = deps.createSignInUrl();
      return { ...urls, expiresAt: isoTime(expiresAtMs) };
    },
    'app.blindWindows': ({ limit = defaultPageLimit }) => ({
      items: deps.blindWindows(limit).map(({ kind, fromMs, toMs, detail }) => ({
        kind,
        from: isoTime(fromMs),
        to: isoTimeOrNull(toMs),
        detail,
      })),
    }),
    'runs.list': ({ limit = defaultPageLimit, ...input }) =>
      deps.reader.read('listRuns', { ...input, limit, nowMs: deps.nowMs() }),
  };
}
