import { IconActivity } from '@tabler/icons-react';
import type { Feature } from '../../model/app/feature.ts';
import { lazyPage } from '../../model/app/lazy-page.ts';
import { navigate } from '../../model/app/navigation.ts';
import { paths } from '../../model/app/paths.ts';
import { followLive } from './model/live-list.ts';
import { followReplays } from './model/replays.ts';

const ComparePage = lazyPage(() => import('./compare/compare-page.tsx'), 'ComparePage');
const StartPage = lazyPage(() => import('./start/start-page.tsx'), 'StartPage');
const SchemaPage = lazyPage(() => import('./schema/schema-page.tsx'), 'SchemaPage');
const LivePage = lazyPage(() => import('./live-page.tsx'), 'LivePage');

export const feature: Feature = {
  id: 'live',
  routes: [
    { path: '/live', page: LivePage },
    { path: '/live/raise', page: LivePage },
    { path: '/live/scheduled', page: LivePage },
    { path: '/live/compare', page: ComparePage },
    { path: '/live/schema', page: SchemaPage },
    { path: '/live/start', page: StartPage },
    { path: '/live/:id', page: LivePage },
  ],
  nav: { label: 'Live', icon: IconActivity, path: '/live', section: 'watch', order: 10, keys: 'g l' },
  commands: [
    {
      id: 'live.start',
      label: 'Set up a first event',
      group: 'Events',
      keywords: ['guide', 'getting started', 'test request', 'onboarding'],
      run: () => navigate(paths.start()),
    },
    {
      id: 'live.raise',
      label: 'Raise an event',
      group: 'Events',
      keywords: ['custom', 'send', 'schedule', 'CUSTOM_'],
      needs: 'define',
      run: () => navigate(paths.raise()),
    },
    {
      id: 'live.scheduled',
      label: 'Show scheduled events',
      group: 'Events',
      keywords: ['later', 'delayed', 'upcoming'],
      run: () => navigate(paths.scheduled()),
    },
  ],
  mount() {
    const stops = [followLive(), followReplays()];
    return () => {
      for (const stop of stops) stop();
    };
  },
};
