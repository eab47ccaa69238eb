import type { Status } from '../../../shared/contract/app.ts';
import type { Handlers } from '../../../shared/contract/index.ts';
import { defaultPageLimit } from '../../store/lists/page.ts';
import type { Reader } from '../../store/reader.ts';

export interface AppHandlerDeps {
  status: () => Status;
  reader: Reader;
  nowMs: () => number;
}

export function appHandlers(deps: AppHandlerDeps): Pick<Handlers, 'app.status' | 'runs.list'> {
  return {
    'app.status': () => deps.status(),
    'runs.list': ({ limit = defaultPageLimit, ...input }) =>
      deps.reader.read('listRuns', { ...input, limit, nowMs: deps.nowMs() }),
  };
}
