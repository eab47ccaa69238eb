import { IconPlayerPlay } from '@tabler/icons-react';
import type { RunState } from '../../../shared/contract/runs.ts';
import type { Feature } from '../../model/app/feature.ts';
import { lazyPage } from '../../model/app/lazy-page.ts';
import { navigate } from '../../model/app/navigation.ts';
import { paths } from '../../model/app/paths.ts';
import { useStatus } from '../../model/app/status.ts';
import { followRuns } from '../../model/runs/runs-list.ts';

const showOnly = (state: RunState): void => navigate(paths.runs('', { state: [state] }));

const RunsPage = lazyPage(() => import('./runs-page.tsx'), 'RunsPage');

export const feature: Feature = {
  id: 'runs',
  routes: [
    { path: '/runs', page: RunsPage },
    { path: '/runs/:id', page: RunsPage },
  ],
  nav: {
    label: 'Runs',
    icon: IconPlayerPlay,
    path: paths.runs(),
    section: 'watch',
    order: 30,
    keys: 'g r',
    useCount: () => {
      const running = useStatus((state) => state.status?.runs.running ?? 0);
      return running === 0 ? null : { value: running, tone: 'quiet' };
    },
  },
  commands: [
    {
      id: 'runs.failed',
      label: 'Show failed runs',
      group: 'Runs',
      keywords: ['errors', 'broken'],
      run: () => showOnly('failed'),
    },
    {
      id: 'runs.running',
      label: 'Show running jobs',
      group: 'Runs',
      keywords: ['active', 'progress'],
      run: () => showOnly('running'),
    },
  ],
  mount: followRuns,
};
