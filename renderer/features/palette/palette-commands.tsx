import {
  IconActivity,
  IconBroadcast,
  IconChartHistogram,
  IconDeviceDesktop,
  IconHash,
  IconInbox,
  IconKeyboard,
  IconMoon,
  IconPlayerPlay,
  IconPlug,
  IconSearch,
  IconSettings,
  IconSun,
  IconTerminal2,
} from '@tabler/icons-react';
import type { Command } from '../../model/app/commands.ts';
import { useKeyboardMap } from '../../model/app/keyboard-map.ts';
import { navigate } from '../../model/app/navigation.ts';
import { paths } from '../../model/app/paths.ts';
import { densities, densityNames, setPreference } from '../../model/app/preferences.ts';
import type { Catalog } from '../../model/definitions/catalog.ts';

const icon = { size: 15, stroke: 1.6 };
const goTo = (path: string) => () => navigate(path);

export const builtinCommands: readonly Command[] = [
  {
    id: 'go.live',
    label: 'Live',
    group: 'Go to',
    icon: <IconActivity {...icon} />,
    keys: 'g l',
    keywords: ['events', 'stream'],
    run: goTo(paths.live()),
  },
  {
    id: 'go.inbox',
    label: 'Inbox',
    group: 'Go to',
    icon: <IconInbox {...icon} />,
    keys: 'g i',
    keywords: ['acknowledge', 'failed'],
    run: goTo(paths.inbox()),
  },
  {
    id: 'go.runs',
    label: 'Runs',
    group: 'Go to',
    icon: <IconPlayerPlay {...icon} />,
    keys: 'g r',
    run: goTo(paths.runs()),
  },
  {
    id: 'go.insights',
    label: 'Insights',
    group: 'Go to',
    icon: <IconChartHistogram {...icon} />,
    keys: 'g t',
    keywords: ['statistics', 'latency', 'growth', 'silent'],
    run: goTo(paths.insights()),
  },
  {
    id: 'go.listeners',
    label: 'Listeners',
    group: 'Go to',
    icon: <IconBroadcast {...icon} />,
    keys: 'g n',
    run: goTo(paths.listeners()),
  },
  {
    id: 'go.jobs',
    label: 'Jobs',
    group: 'Go to',
    icon: <IconTerminal2 {...icon} />,
    keys: 'g j',
    run: goTo(paths.jobs()),
  },
  {
    id: 'go.sources',
    label: 'Sources',
    group: 'Go to',
    icon: <IconPlug {...icon} />,
    keys: 'g o',
    run: goTo(paths.sources()),
  },
  {
    id: 'go.settings',
    label: 'Settings',
    group: 'Go to',
    icon: <IconSettings {...icon} />,
    keys: 'g s',
    run: goTo(paths.settings()),
  },
  {
    id: 'live.failed',
    label: 'Events with a failed run',
    group: 'View',
    icon: <IconActivity {...icon} />,
    run: goTo(paths.live('is:failed')),
  },
  {
    id: 'live.ignored',
    label: 'Ignored events',
    group: 'View',
    icon: <IconActivity {...icon} />,
    keywords: ['ignored'],
    run: goTo(paths.live('is:ignored')),
  },
  {
    id: 'theme.light',
    label: 'Light theme',
    group: 'Appearance',
    icon: <IconSun {...icon} />,
    run: () => setPreference('scheme', 'light'),
  },
  {
    id: 'theme.dark',
    label: 'Dark theme',
    group: 'Appearance',
    icon: <IconMoon {...icon} />,
    run: () => setPreference('scheme', 'dark'),
  },
  {
    id: 'theme.auto',
    label: 'System theme',
    group: 'Appearance',
    icon: <IconDeviceDesktop {...icon} />,
    keywords: ['auto'],
    run: () => setPreference('scheme', 'auto'),
  },
  ...densities.map((density) => ({
    id: `density.${density}`,
    label: `${densityNames[density]} rows`,
    group: 'Appearance',
    keywords: ['density'],
    run: () => setPreference('density', density),
  })),
  {
    id: 'help.keys',
    label: 'Keyboard shortcuts',
    group: 'Help',
    icon: <IconKeyboard {...icon} />,
    keys: '?',
    run: () => useKeyboardMap.getState().toggle(),
  },
];

/** Everything that was defined here, by name. */
export const catalogCommands = (catalog: Pick<Catalog, 'listeners' | 'jobs' | 'sources' | 'alarms'>): Command[] => [
  ...catalog.listeners.map((one) => ({
    id: `listener.${one.slug}`,
    label: one.name,
    group: 'Listeners',
    keywords: [one.slug],
    run: goTo(paths.listener(one.slug)),
  })),
  ...catalog.jobs.map((one) => ({
    id: `job.${one.slug}`,
    label: one.name,
    group: 'Jobs',
    keywords: [one.slug],
    run: goTo(paths.job(one.slug)),
  })),
  ...catalog.sources.map((one) => ({
    id: `source.${one.slug}`,
    label: one.name,
    group: 'Sources',
    keywords: [one.slug],
    run: goTo(paths.source(one.slug)),
  })),
  ...catalog.alarms.map((one) => ({
    id: `alarm.${one.slug}`,
    label: one.name,
    group: 'Alarms',
    keywords: [one.slug],
    run: goTo(paths.alarm(one.slug)),
  })),
];

/** ULIDs and the like: no spaces, long, letters and digits. */
const idLike = /^[A-Za-z0-9_-]{10,80}$/;

/** What the typed text itself can be: an id, or a search. */
export function typedCommands(query: string): Command[] {
  const text = query.trim();
  if (text === '') return [];
  const search: Command = {
    id: 'typed.search',
    label: `Search “${text}” in Live`,
    group: 'Search',
    icon: <IconSearch {...icon} />,
    run: goTo(paths.live(/[\s:]/.test(text) && !text.includes(':') ? `"${text.replaceAll('"', '')}"` : text)),
  };
  if (!idLike.test(text)) return [search];
  return [
    {
      id: 'typed.event',
      label: `Open event ${text}`,
      group: 'Search',
      icon: <IconHash {...icon} />,
      run: goTo(paths.event(text)),
    },
    {
      id: 'typed.run',
      label: `Open run ${text}`,
      group: 'Search',
      icon: <IconHash {...icon} />,
      run: goTo(paths.run(text)),
    },
    search,
  ];
}
