import { AppError } from '../../../shared/contract/errors.ts';
import type { Caller, Handlers, Input } from '../../../shared/contract/index.ts';
import { maxViews, type View } from '../../../shared/contract/views.ts';
import { withoutInternal } from '../../../shared/query/without-internal.ts';
import { newId } from '../../store/database/ids.ts';
import type { ReadableDb } from '../../store/database/open.ts';
import { deleteView, putView, readViews } from '../../store/definitions/views.ts';
import { parseQueryOrThrow } from '../../store/paging/page.ts';
import type { Reader } from '../../store/read/reader.ts';
import type { Writer } from '../../store/write/writer.ts';

export interface ViewHandlerDeps {
  db: ReadableDb;
  writer: Pick<Writer, 'write'>;
  reader: Pick<Reader, 'read'>;
  nowMs: () => number;
  nameOf(caller: Caller): string;
  /** Given the whole list, after every change. */
  onViewsChanged: (items: View[]) => void;
}

type ViewHandlers = Pick<Handlers, Extract<keyof Handlers, `views.${string}`>>;

const countedTo = 1000;

export function createViewHandlers(deps: ViewHandlerDeps): ViewHandlers {
  const { db, writer, reader, nowMs, nameOf, onViewsChanged } = deps;

  const count = async ({ id, page, query }: View, internal: boolean) => {
    const nothing = { id, count: 0, isMore: false };
    try {
      parseQueryOrThrow(query);
    } catch {
      // Saved by a version that read it otherwise: the list says what is wrong when it is opened.
      return nothing;
    }
    const asked = page === 'live' && !internal ? withoutInternal(query) : query;
    const of = page === 'live' ? ('events' as const) : ('runs' as const);
    return { id, ...(await reader.read('countMatches', { of, query: asked, most: countedTo, nowMs: nowMs() })) };
  };

  return {
    'views.list': () => ({ items: readViews(db) }),
    'views.save': async ({ id, ...look }, caller) => {
      parseQueryOrThrow(look.query);
      refuse(readViews(db), { id, ...look });
      const saved = await writer.write(({ db: handle }) =>
        putView(handle, {
          ...look,
          id: id ?? newId('view', nowMs()),
          savedAtMs: nowMs(),
          savedBy: nameOf(caller),
        }),
      );
      onViewsChanged(readViews(db));
      return saved;
    },
    'views.remove': async ({ id }) => {
      const wasThere = await writer.write(({ db: handle }) => deleteView(handle, id));
      if (!wasThere) throw new AppError('not_found', `There is no view ${id}; it may have been deleted.`);
      onViewsChanged(readViews(db));
      return { done: true };
    },
    'views.counts': async ({ internal = false }) => ({
      items: await Promise.all(readViews(db).map((view) => count(view, internal))),
    }),
  };
}

function refuse(stored: readonly View[], { id, page, name }: Input<'views.save'>): void {
  const others = stored.filter((one) => one.id !== id);
  const isTaken = others.some((one) => one.page === page && one.name.toLowerCase() === name.toLowerCase());
  if (isTaken) throw new AppError('conflict', `There is already a view named "${name}". Choose another name.`);
  if (others.length >= maxViews) {
    throw new AppError('too_large', `There are ${maxViews} views already. Delete one of them first.`);
  }
}
