import { useState } from 'react';
import { useCall } from '../../model/calls/use-call.ts';
import { DiffView } from '../../ui/code/diff-view.tsx';
import { ErrorState } from '../../ui/feedback/error-state.tsx';
import { SegmentTabs } from '../../ui/layout/segment-tabs.tsx';
import { LoadingRows } from '../../ui/tables/loading-rows.tsx';
import { TimeAgo } from '../../ui/text/time-ago.tsx';
import classes from './alarms.module.css';

const shownVersions = 10;

/** The latest versions, and what each changed. */
export function AlarmVersions({ slug }: { slug: string }) {
  const got = useCall('alarms.versions', { slug }, { reloadOn: ['alarms.changed'] });
  const [chosen, setChosen] = useState<string | null>(null);
  if (got.value === undefined) {
    if (got.error === null) return <LoadingRows rows={4} />;
    return <ErrorState error={got.error} title="The versions could not be loaded" onRetry={got.reload} />;
  }
  const { items } = got.value;
  const at = Math.max(
    0,
    items.findIndex(({ version }) => String(version) === chosen),
  );
  const current = items[at];
  if (current === undefined) return null;
  const before = items[at + 1] ?? current;
  return (
    <div className={classes.list}>
      <SegmentTabs
        id="alarm-versions"
        label="Versions"
        tabs={items.slice(0, shownVersions).map(({ version }) => ({ value: String(version), label: `v${version}` }))}
        value={String(current.version)}
        onChange={setChosen}
      />
      <p className={classes.quiet}>
        Saved <TimeAgo at={current.at} />
        {current.savedBy === null ? '' : ` by ${current.savedBy}`}
      </p>
      <DiffView
        key={current.version}
        before={JSON.stringify(before.spec, null, 2)}
        after={JSON.stringify(current.spec, null, 2)}
        height="min(420px, 50vh)"
        label={`Changes of version ${current.version}`}
      />
    </div>
  );
}
