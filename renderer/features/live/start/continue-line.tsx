import { hrefOf, paths } from '../../../model/app/paths.ts';
import { useCatalog } from '../../../model/definitions/catalog.ts';
import classes from './first-steps.module.css';

/** Above the first events, while nothing is done with them yet. */
export function ContinueLine() {
  const isOpen = useCatalog(
    (state) =>
      state.phase === 'ready' &&
      state.sources.some(({ url }) => url !== null) &&
      state.listeners.every(({ owner }) => owner === 'builtin'),
  );
  if (!isOpen) return null;
  return (
    <p className={classes.next}>
      Events are received. No listener runs a job for them yet. <a href={hrefOf(paths.start())}>Continue setup</a>
    </p>
  );
}
