import { IconAntennaBars5, IconDatabaseOff } from '@tabler/icons-react';
import { hrefOf, paths } from '../../model/app/paths.ts';
import { useStatus } from '../../model/app/status.ts';
import { useCall } from '../../model/calls/use-call.ts';
import { useCatalog } from '../../model/definitions/catalog.ts';
import { curlOf } from '../../model/definitions/source-curl.ts';
import { CodeBlock } from '../../ui/code/code-block.tsx';
import { EmptyState } from '../../ui/feedback/empty-state.tsx';
import classes from './live.module.css';

/** The first thing a new operator sees: how to make the first event. */
export function NoEvents() {
  const source = useCatalog((state) => state.sources.find((one) => one.url !== null && one.enabled));
  const phase = useCatalog((state) => state.phase);
  const presets = useCall('sources.presets', {}).value?.items;
  const lost = useStatus((state) => state.status?.alerts.find(({ code }) => code === 'store_set_aside'));
  if (lost !== undefined) {
    const [what = '', ...advice] = lost.message.split(/(?<=\.)\s+/);
    return (
      <EmptyState
        icon={IconDatabaseOff}
        title={what.replace(/\.$/, '')}
        action={<a href={hrefOf(paths.settings())}>Restore a backup</a>}
      >
        {advice.join(' ')}
      </EmptyState>
    );
  }
  if (source === undefined) {
    return (
      <EmptyState
        icon={IconAntennaBars5}
        title="No events yet"
        action={phase === 'ready' && <a href={hrefOf(paths.newSource())}>Create source</a>}
      >
        A source is an address that a system sends its webhooks to.
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={IconAntennaBars5} title="No events yet">
      Anything posted to <b>{source.name}</b> appears here immediately.
      {presets !== undefined && (
        <div className={classes.firstCurl}>
          <CodeBlock
            text={curlOf(
              source,
              presets.find((preset) => preset.id === source.preset),
            )}
          />
        </div>
      )}
    </EmptyState>
  );
}
