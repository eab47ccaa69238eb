import { IconAlertTriangle } from '@tabler/icons-react';
import { failureStates } from '../../../shared/contract/failures.ts';
import type { Feature } from '../../model/app/feature.ts';
import { lazyPage } from '../../model/app/lazy-page.ts';
import { navigate } from '../../model/app/navigation.ts';
import { paths } from '../../model/app/paths.ts';

const FailuresPage = lazyPage(() => import('./failures-page.tsx'), 'FailuresPage');

export const feature: Feature = {
  id: 'failures',
  routes: [
    { path: '/failures', page: FailuresPage },
    { path: '/failures/:id', page: FailuresPage },
  ],
  nav: {
    label: 'Failures',
    icon: IconAlertTriangle,
    path: paths.failures(),
    section: 'watch',
    order: 25,
    keys: 'g f',
  },
  commands: failureStates.map((state) => ({
    id: `failures.${state}`,
    label: `Show ${state} failures`,
    group: 'Failures',
    run: () => navigate(paths.failures(state)),
  })),
};
