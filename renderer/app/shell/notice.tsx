import { hrefOf, paths } from '../../model/app/paths.ts';
import { useStatus } from '../../model/app/status.ts';
import { Lamp } from '../../ui/feedback/lamp.tsx';
import classes from './notice.module.css';

/** Alerts without which a page would show something that is not so, such as an empty list; the first counts. */
const shown: Record<string, string | null> = {
  restart_failed: null,
  store_set_aside: 'Restore a backup',
  database_damaged: 'Restore a backup',
  receiver_closed: 'Choose another address',
};

/** Above every page. */
export function Notice() {
  const alerts = useStatus((state) => state.status?.alerts);
  const alert = Object.keys(shown).flatMap((code) => alerts?.find((one) => one.code === code) ?? [])[0];
  if (alert === undefined) return null;
  const action = shown[alert.code] ?? null;
  return (
    <section className={classes.notice} aria-label="Notice">
      <Lamp tone="red" />
      <p>{alert.message}</p>
      {action !== null && <a href={hrefOf(paths.settings())}>{action}</a>}
    </section>
  );
}
