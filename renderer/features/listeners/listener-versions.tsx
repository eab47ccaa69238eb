import { useState } from 'react';
import { type Listener, listenerDefaults } from '../../../shared/contract/listeners.ts';
import { stringifyExact } from '../../../shared/exact-json/stringify-exact.ts';
import { useCall } from '../../model/calls/use-call.ts';
import { DiffView } from '../../ui/code/diff-view.tsx';
import { ErrorState } from '../../ui/feedback/error-state.tsx';
import { ToneBadge } from '../../ui/feedback/tone-badge.tsx';
import { LoadingRows } from '../../ui/tables/loading-rows.tsx';
import { TimeAgo } from '../../ui/text/time-ago.tsx';
import classes from './listeners.module.css';

const definitionOf = (listener: Listener): string => {
  const { name, source, type, where, job, approval, mode, deadline, fallback, priority, resolves, state } = listener;
  const answering = mode === 'enrich' ? { mode, deadline, fallback, priority } : mode === 'shadow' ? { mode } : {};
  return stringifyExact(
    {
      name,
      source,
      type,
      where,
      job,
      ...(approval === 'required' ? { approval } : {}),
      ...answering,
      ...(resolves === listenerDefaults.resolves ? {} : { resolves }),
      state,
    },
    2,
  );
};

/** Every version there was, and what it changed. */
export function ListenerVersions({ slug, version }: { slug: string; version: number }) {
  const got = useCall('listeners.versions', { slug }, { reloadOn: ['listeners.changed'] });
  const [chosen, setChosen] = useState(version);
  const versions = [...(got.value?.items ?? [])].sort((a, b) => b.version - a.version);
  if (got.value === undefined) {
    if (got.error === null) return <LoadingRows rows={4} />;
    return <ErrorState error={got.error} title="The versions could not be loaded" onRetry={got.reload} />;
  }
  const at = Math.max(
    0,
    versions.findIndex((one) => one.version === chosen),
  );
  const current = versions[at];
  const before = versions[at + 1];
  return (
    <div className={classes.versions}>
      <ul className={classes.versionList} aria-label="Versions">
        {versions.map((one) => (
          <li key={one.version}>
            <button
              type="button"
              className={classes.versionItem}
              aria-pressed={one.version === current?.version}
              onClick={() => setChosen(one.version)}
            >
              <span className={classes.versionNumber}>v{one.version}</span>
              <span className={classes.quietInline}>
                <TimeAgo at={one.at} />
              </span>
              {one.listener.owner === 'config' && <ToneBadge tone="grey">config file</ToneBadge>}
              {one.version === version && <ToneBadge tone="green">now</ToneBadge>}
            </button>
          </li>
        ))}
      </ul>
      <div className={classes.versionDiff}>
        {current !== undefined && (
          <>
            <p className={classes.quiet}>
              {before === undefined
                ? `Version ${current.version}, the oldest kept.`
                : `What version ${current.version} changed.`}
            </p>
            <DiffView
              key={current.version}
              before={definitionOf((before ?? current).listener)}
              after={definitionOf(current.listener)}
              height="min(520px, 60vh)"
              label={`Changes of version ${current.version}`}
            />
          </>
        )}
      </div>
    </div>
  );
}
