import { IconAntennaBars5, IconDatabaseOff } from '@tabler/icons-react';
import { hrefOf, paths } from '../../model/app/paths.ts';
import { useStatus } from '../../model/app/status.ts';
import { useCatalog } from '../../model/definitions/catalog.ts';
import { EmptyState } from '../../ui/feedback/empty-state.tsx';
import { FirstSteps } from './start/first-steps.tsx';

/** The first thing a new operator sees: how to make the first event. */
export function NoEvents() {
  const phase = useCatalog((state) => state.phase);
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
  return (
    <EmptyState icon={IconAntennaBars5} title="No events yet">
      {phase === 'ready' && <FirstSteps />}
    </EmptyState>
  );
}
