import { ActionIcon, Tooltip } from '@mantine/core';
import { IconDeviceDesktop, IconKeyboard, IconLayoutSidebar, IconLink, IconMoon, IconSun } from '@tabler/icons-react';
import { Fragment } from 'react';
import { useConnection } from '../../model/app/connection.ts';
import { useShownConnection } from '../../model/app/desktop.ts';
import type { Feature, FeatureNav } from '../../model/app/feature.ts';
import { useKeyboardMap } from '../../model/app/keyboard-map.ts';
import { useRoute } from '../../model/app/navigation.ts';
import { hrefOf } from '../../model/app/paths.ts';
import { type Preferences, setPreference, usePreferences } from '../../model/app/preferences.ts';
import { useStatus } from '../../model/app/status.ts';
import { formatShortCount } from '../../ui/text/format.ts';
import { Kbd } from '../../ui/text/kbd.tsx';
import { AccountMenu } from './account-menu.tsx';
import { BrandMark } from './brand.tsx';
import { copyLink } from './copy-link.ts';
import classes from './nav.module.css';
import { NavViews, useViewShortcuts } from './nav-views.tsx';

const none = () => null;

function NavItem({ nav, isCurrent, folded }: { nav: FeatureNav; isCurrent: boolean; folded: boolean }) {
  const useCount = nav.useCount ?? none;
  const count = useCount();
  const shown = count !== null && count.value > 0 ? count : null;
  const Icon = nav.icon;
  return (
    <Tooltip
      position="right"
      disabled={!folded}
      label={
        <span>
          {nav.label} {nav.keys !== undefined && <Kbd keys={nav.keys} />}
        </span>
      }
    >
      <a className={classes.item} href={hrefOf(nav.path)} aria-current={isCurrent ? 'page' : undefined}>
        <Icon size={16} stroke={1.6} />
        <span className={classes.label}>{nav.label}</span>
        {shown !== null && (
          <span className={classes.count} data-tone={shown.tone}>
            {formatShortCount(shown.value)}
          </span>
        )}
      </a>
    </Tooltip>
  );
}

const nextScheme: Record<Preferences['scheme'], Preferences['scheme']> = { auto: 'light', light: 'dark', dark: 'auto' };
const schemeIcons = { auto: IconDeviceDesktop, light: IconSun, dark: IconMoon };

export function Nav({ features, folded }: { features: readonly Feature[]; folded: boolean }) {
  const { path } = useRoute();
  const scheme = usePreferences((state) => state.scheme);
  const isAccepting = useStatus((state) => state.status?.receiver.accepting);
  const isConnected = useConnection((state) => state.phase === 'connected');
  const connection = useShownConnection();
  const SchemeIcon = schemeIcons[scheme];
  useViewShortcuts();
  const toggleMap = useKeyboardMap((state) => state.toggle);
  return (
    <nav className={classes.nav} aria-label="Pages">
      <a className={classes.brand} href={hrefOf('/')} aria-label="Signalbox">
        <BrandMark tone={isAccepting === undefined || !isConnected ? 'off' : isAccepting ? 'green' : 'red'} />
        <span className={classes.label}>{connection?.name ?? 'Signalbox'}</span>
      </a>
      {(['watch', 'define', 'app'] as const).map((section) => (
        <div key={section} className={classes.section} data-section={section}>
          {features.map(({ id, nav }) =>
            nav?.section === section ? (
              <Fragment key={id}>
                <NavItem nav={nav} folded={folded} isCurrent={path === nav.path || path.startsWith(`${nav.path}/`)} />
                {(id === 'live' || id === 'runs') && <NavViews page={id} />}
              </Fragment>
            ) : null,
          )}
        </div>
      ))}
      <div className={classes.tools}>
        <AccountMenu />
        <Tooltip label={`Theme: ${scheme}`} position="right">
          <ActionIcon
            aria-label={`Theme: ${scheme}. Switch to ${nextScheme[scheme]}`}
            onClick={() => setPreference('scheme', nextScheme[scheme])}
          >
            <SchemeIcon size={15} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
        <Tooltip
          label={
            <span>
              Copy link to this page <Kbd keys="shift+y" />
            </span>
          }
          position="right"
        >
          <ActionIcon aria-label="Copy link to this page" onClick={() => void copyLink()}>
            <IconLink size={15} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
        <Tooltip label={<Kbd keys="?" />} position="right">
          <ActionIcon aria-label="Keyboard shortcuts" onClick={toggleMap}>
            <IconKeyboard size={15} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
        <Tooltip label={<Kbd keys="[" />} position="right">
          <ActionIcon
            aria-label={folded ? 'Expand navigation' : 'Collapse navigation'}
            onClick={() => setPreference('navFolded', !folded)}
          >
            <IconLayoutSidebar size={15} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
      </div>
    </nav>
  );
}
