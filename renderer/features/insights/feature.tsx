import { IconChartHistogram } from '@tabler/icons-react';
import type { Feature } from '../../model/app/feature.ts';
import { lazyPage } from '../../model/app/lazy-page.ts';
import { paths } from '../../model/app/paths.ts';

const InsightsPage = lazyPage(() => import('./insights-page.tsx'), 'InsightsPage');

export const feature: Feature = {
  id: 'insights',
  routes: [{ path: '/insights', page: InsightsPage }],
  nav: {
    label: 'Insights',
    icon: IconChartHistogram,
    path: paths.insights(),
    section: 'watch',
    order: 35,
    keys: 'g t',
  },
};
