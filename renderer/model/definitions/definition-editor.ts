import { create } from 'zustand';

/** One definition being edited. Unsaved changes outlive the page: they are kept as long as the window. */
export interface Editing<D> {
  /** What the app has, as a draft; what the changes are measured against. */
  base: D;
  draft: D;
  /** Version that `base` is; null for what does not exist yet. */
  version: number | null;
  /** Somebody else saved a different definition while this one had unsaved changes. */
  newer: { draft: D; version: number } | null;
}

export interface DraftRules<D> {
  /** Two drafts that would save the same have the same fingerprint. */
  fingerprint: (draft: D) => string;
}

export const startEditing = <D>(draft: D, version: number | null): Editing<D> => ({
  base: draft,
  draft,
  version,
  newer: null,
});

export const isDirty = <D>(rules: DraftRules<D>, editing: Editing<D>): boolean =>
  rules.fingerprint(editing.base) !== rules.fingerprint(editing.draft);

/** The app's current definition has come. It replaces what is on show, unless that has changes nobody saved. */
export function receiveCurrent<D>(rules: DraftRules<D>, editing: Editing<D>, draft: D, version: number): Editing<D> {
  if (editing.version !== null && version < editing.version) return editing;
  const isSame = rules.fingerprint(draft) === rules.fingerprint(editing.base);
  // A version may grow without what is edited here, such as by switching a source off.
  if (isSame) return editing.version === version ? editing : { ...editing, version, newer: null };
  if (!isDirty(rules, editing)) return startEditing(draft, version);
  if (rules.fingerprint(draft) === rules.fingerprint(editing.draft)) return startEditing(draft, version);
  return { ...editing, newer: { draft, version } };
}

/** Gives up the own changes. */
export const takeNewer = <D>(editing: Editing<D>): Editing<D> =>
  editing.newer === null ? editing : startEditing(editing.newer.draft, editing.newer.version);

/** Keeps the own draft, to be saved over the newer definition. */
export const keepMine = <D>(editing: Editing<D>): Editing<D> =>
  editing.newer === null
    ? editing
    : { base: editing.newer.draft, draft: editing.draft, version: editing.newer.version, newer: null };

/** Open editors of one kind of definition by slug; the one not yet created is at `newKey`. */
export function createDefinitionEditors<D>(rules: DraftRules<D>) {
  const useEditors = create<{ open: Readonly<Record<string, Editing<D>>> }>(() => ({ open: {} }));
  const put = (key: string, next: (editing: Editing<D>) => Editing<D>): void =>
    useEditors.setState((state) => {
      const editing = state.open[key];
      if (editing === undefined) return state;
      const after = next(editing);
      return after === editing ? state : { open: { ...state.open, [key]: after } };
    });
  return {
    use: (key: string): Editing<D> | undefined => useEditors((state) => state.open[key]),
    useDirtyKeys: (): string =>
      useEditors((state) =>
        Object.keys(state.open)
          .filter((key) => {
            const editing = state.open[key];
            return editing !== undefined && isDirty(rules, editing);
          })
          .join(' '),
      ),
    get: (key: string): Editing<D> | undefined => useEditors.getState().open[key],
    isDirty: (editing: Editing<D>): boolean => isDirty(rules, editing),
    begin: (key: string, draft: D, version: number | null): void =>
      useEditors.setState((state) => ({ open: { ...state.open, [key]: startEditing(draft, version) } })),
    receive: (key: string, draft: D, version: number): void =>
      useEditors.setState((state) => {
        const editing = state.open[key];
        if (editing === undefined) return { open: { ...state.open, [key]: startEditing(draft, version) } };
        const after = receiveCurrent(rules, editing, draft, version);
        return after === editing ? state : { open: { ...state.open, [key]: after } };
      }),
    change: (key: string, edit: (draft: D) => D): void =>
      put(key, (editing) => ({ ...editing, draft: edit(editing.draft) })),
    revert: (key: string): void => put(key, (editing) => ({ ...editing, draft: editing.base })),
    takeNewer: (key: string): void => put(key, takeNewer),
    keepMine: (key: string): void => put(key, keepMine),
    close: (key: string): void =>
      useEditors.setState((state) => {
        const { [key]: _closed, ...open } = state.open;
        return { open };
      }),
  };
}

/** Slugs are never empty, so this is nobody's. */
export const newKey = '';
