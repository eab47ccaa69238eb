import { hrefOf, paths } from '../../../model/app/paths.ts';
import { useCatalog } from '../../../model/definitions/catalog.ts';
import classes from './first-steps.module.css';

/** More than these are no beginning. */
const firstEvents = 20;

/** Above the first events, while nothing is done with them yet. `events`: how many are listed; null: there are more. */
export function ContinueLine({ events }: { events: number | null }) {
  const isOpen = useCatalog(
    (state) =>
      state.phase === 'ready' &&
      state.sources.some(({ url }) => url !== null) &&
      state.listeners.every(({ owner }) => owner === 'builtin'),
  );
  if (!isOpen || events === null || events === 0 || events > firstEvents) return null;
  return (
    <p className={classes.next}>
      Events are received. No listener runs a job for them yet. <a href={hrefOf(paths.start())}>Continue setup</a>
    </p>
  );
}
