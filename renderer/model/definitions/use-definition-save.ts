import { useState } from 'react';
import { AppError } from '../../../shared/contract/errors.ts';
import { useAction } from '../../errors/use-action.ts';
import { useShortcuts } from '../../keyboard/shortcuts.ts';
import { navigate } from '../app/navigation.ts';
import { type createDefinitionEditors, type Editing, newKey } from './definition-editor.ts';

interface Saved {
  slug: string;
  version: number;
}

interface SaveOptions<D, T extends Saved> {
  /** The shortcuts' heading: `Job`. */
  title: string;
  /** Null: not created yet. */
  slug: string | null;
  editors: ReturnType<typeof createDefinitionEditors<D>>;
  editing: Editing<D>;
  readOnly: boolean;
  /** Why the draft cannot be saved. */
  missing: string | null;
  draftOf: (definition: T) => D;
  create: () => Promise<T>;
  update: (version: number) => Promise<T>;
  get: (slug: string) => Promise<T>;
  pathOf: (slug: string) => string;
  onSaved?: ((definition: T) => void) | undefined;
}

/**
 * Saving one definition, by button or by keys. Where somebody else has saved meanwhile theirs is fetched, and the
 * editor has both to choose from.
 */
export function useDefinitionSave<D, T extends Saved>(options: SaveOptions<D, T>) {
  const { title, slug, editors, editing, readOnly, missing, draftOf, onSaved } = options;
  const key = slug ?? newKey;
  const isNew = slug === null;
  const isDirty = editors.isDirty(editing);
  const blocked = isDirty || isNew ? missing : null;
  const [attempted, setAttempted] = useState(false);

  const save = useAction(async () => {
    if (slug === null) {
      const created = await options.create();
      editors.close(newKey);
      navigate(options.pathOf(created.slug), { replace: true });
      return;
    }
    try {
      const saved = await options.update(editing.version ?? 0);
      editors.begin(key, draftOf(saved), saved.version);
      onSaved?.(saved);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'stale_version') throw error;
      const theirs = await options.get(slug);
      editors.receive(key, draftOf(theirs), theirs.version);
      onSaved?.(theirs);
    }
  });

  const trySave = (): void => {
    setAttempted(true);
    if (blocked === null && (isDirty || isNew) && !save.busy) void save.run();
  };
  useShortcuts(
    title,
    [{ keys: 'mod+s', label: 'Save', needs: 'define', inInputs: true, enabled: !readOnly, run: trySave }],
    'form',
  );

  return {
    error: save.error,
    /** Whether it was tried although something is missing. */
    isRefused: attempted && blocked !== null,
    change: (edit: (draft: D) => D): void => {
      save.clear();
      editors.change(key, edit);
    },
    /** For the bar below the form. */
    bar: {
      isNew,
      isDirty,
      busy: save.busy,
      // What is missing from a new one is said once it was tried to be saved.
      blocked: attempted || !isNew ? blocked : null,
      error: save.error,
      onSave: trySave,
      onRevert: (): void => {
        save.clear();
        editors.revert(key);
      },
    },
  };
}
