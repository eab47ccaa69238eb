import type { Listener } from '../../../shared/contract/listeners.ts';
import { hrefOf, paths } from '../../model/app/paths.ts';
import { PaneNote } from './definition-pane.tsx';

interface InUseNoteProps {
  users: readonly Listener[];
  /** What a listener, and what several of them, do with it: `runs it`, `run it`. */
  uses: { one: string; several: string };
  /** What to do about them. */
  remedy: string;
}

/** Why it was not removed: the listeners that need it. */
export function InUseNote({ users, uses, remedy }: InUseNoteProps) {
  if (users.length === 0) {
    return (
      <PaneNote tone="amber">In use by a listener. Deleted listeners count too, because they can be restored.</PaneNote>
    );
  }
  return (
    <PaneNote tone="amber">
      It cannot be removed while{' '}
      {users.length === 1 ? `a listener ${uses.one}` : `${users.length} listeners ${uses.several}`}:{' '}
      {users.map((listener, index) => (
        <span key={listener.slug}>
          {index > 0 && ', '}
          <a href={hrefOf(paths.listener(listener.slug))}>{listener.name}</a>
        </span>
      ))}
      . {remedy}
    </PaneNote>
  );
}
