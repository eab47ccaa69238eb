import { hrefOf, paths } from '../../model/app/paths.ts';
import { useCall } from '../../model/calls/use-call.ts';
import { formatCount } from '../../ui/text/format.ts';
import classes from './inbox.module.css';

/** To failures that are not in the inbox. */
export function FailureLinks() {
  const counts = useCall('failures.counts', {}, { reloadOn: ['failures.changed'], keep: true }).value;
  const snoozed = counts?.snoozed ?? 0;
  return (
    <span className={classes.links}>
      {snoozed > 0 && <a href={hrefOf(paths.failures('snoozed'))}>{formatCount(snoozed)} snoozed</a>}
      <a href={hrefOf(paths.failures())}>Failures</a>
    </span>
  );
}
