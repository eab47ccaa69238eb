import type { LocalType } from '../../../shared/contract/catalog.ts';
import { AppError } from '../../../shared/contract/errors.ts';
import type { Handlers } from '../../../shared/contract/index.ts';
import type { ReadableDb } from '../../store/database/open.ts';
import { isoTime } from '../../store/database/times.ts';
import {
  deleteLocalType,
  putLocalType,
  readLocalTypes,
  type StoredLocalType,
} from '../../store/definitions/local-types.ts';
import type { Writer } from '../../store/write/writer.ts';

export interface CatalogHandlerDeps {
  db: ReadableDb;
  writer: Pick<Writer, 'write'>;
  nowMs: () => number;
  /** Given the whole list, after every change. */
  onCatalogChanged: (items: LocalType[]) => void;
}

type CatalogHandlers = Pick<Handlers, Extract<keyof Handlers, `catalog.${string}`>>;

const show = ({ addedAtMs, ...type }: StoredLocalType): LocalType => ({ ...type, addedAt: isoTime(addedAtMs) });

export function createCatalogHandlers({ db, writer, nowMs, onCatalogChanged }: CatalogHandlerDeps): CatalogHandlers {
  const list = (): LocalType[] => readLocalTypes(db).map(show);
  return {
    'catalog.list': () => ({ items: list() }),
    'catalog.add': async (draft) => {
      const stored = await writer.write(({ db: handle }) => putLocalType(handle, { ...draft, addedAtMs: nowMs() }));
      onCatalogChanged(list());
      return show(stored);
    },
    'catalog.remove': async ({ system, type }) => {
      const wasThere = await writer.write(({ db: handle }) => deleteLocalType(handle, system, type));
      if (!wasThere) throw new AppError('not_found', `The local catalog has no type "${type}" of ${system}.`);
      onCatalogChanged(list());
      return { done: true };
    },
  };
}
