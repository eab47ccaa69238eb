import { ActionIcon, Button, Menu } from '@mantine/core';
import { IconAdjustmentsHorizontal, IconClock, IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { PermittedMenuItem } from '../../domain/access/permitted-menu-item.tsx';
import { useConnection } from '../../model/app/connection.ts';
import { navigate } from '../../model/app/navigation.ts';
import { hrefOf, paths } from '../../model/app/paths.ts';
import { densities, densityNames, setPreference, usePreferences } from '../../model/app/preferences.ts';
import { useCall } from '../../model/calls/use-call.ts';
import { Lamp } from '../../ui/feedback/lamp.tsx';
import { formatShortCount } from '../../ui/text/format.ts';
import classes from './live.module.css';

interface LiveToolbarProps {
  paused: boolean;
  unseen: number;
  showInternal: boolean;
  onTogglePause: () => void;
  canReplayQuery: boolean;
  onReplayQuery: () => void;
  onExport: () => void;
}

export function LiveToolbar({
  paused,
  unseen,
  showInternal,
  onTogglePause,
  canReplayQuery,
  onReplayQuery,
  onExport,
}: LiveToolbarProps) {
  const isConnected = useConnection((state) => state.phase === 'connected');
  const density = usePreferences((state) => state.density);
  const showChart = usePreferences((state) => state.showChart);
  const scheduled = useCall('scheduledEvents.list', {}, { reloadOn: ['scheduledEvents.changed'] }).value?.total ?? 0;
  return (
    <>
      {scheduled > 0 && (
        <Button
          component="a"
          variant="subtle"
          color="gray"
          leftSection={<IconClock size={14} stroke={1.6} />}
          href={hrefOf(paths.scheduled())}
        >
          {formatShortCount(scheduled)} scheduled
        </Button>
      )}
      <Button
        variant="default"
        className={classes.pause}
        data-paused={paused}
        aria-pressed={paused}
        title={paused ? 'Show new events and resume (Space)' : 'Pause new events (Space)'}
        leftSection={
          paused ? (
            <IconPlayerPlay size={14} stroke={1.6} />
          ) : (
            <Lamp tone={isConnected ? 'green' : 'grey'} lit={isConnected} />
          )
        }
        rightSection={paused ? undefined : <IconPlayerPause size={13} stroke={1.6} />}
        onClick={onTogglePause}
      >
        {paused ? (unseen > 0 ? `${formatShortCount(unseen)} new` : 'Paused') : isConnected ? 'Following' : 'Waiting'}
      </Button>
      <Menu position="bottom-end" width={230}>
        <Menu.Target>
          <ActionIcon aria-label="View and bulk actions" variant="default" size={28}>
            <IconAdjustmentsHorizontal size={15} stroke={1.6} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.CheckboxItem
            checked={showInternal}
            onChange={(checked) => setPreference('showInternal', checked)}
            closeMenuOnClick={false}
          >
            Show internal events
          </Menu.CheckboxItem>
          <Menu.CheckboxItem
            checked={showChart}
            onChange={(checked) => setPreference('showChart', checked)}
            closeMenuOnClick={false}
          >
            Show chart
          </Menu.CheckboxItem>
          <Menu.Divider />
          <Menu.Label>Rows</Menu.Label>
          <Menu.RadioGroup
            value={density}
            onChange={(value) => {
              const picked = densities.find((one) => one === value);
              if (picked !== undefined) setPreference('density', picked);
            }}
          >
            {densities.map((one) => (
              <Menu.RadioItem key={one} value={one} closeMenuOnClick={false}>
                {densityNames[one]}
              </Menu.RadioItem>
            ))}
          </Menu.RadioGroup>
          <Menu.Divider />
          <PermittedMenuItem needs="define" onClick={() => navigate(paths.raise())}>
            Raise an event…
          </PermittedMenuItem>
          <Menu.Item component="a" href={hrefOf(paths.scheduled())}>
            Scheduled events
          </Menu.Item>
          <PermittedMenuItem needs="operate" disabled={!canReplayQuery} onClick={onReplayQuery}>
            Replay all matching events…
          </PermittedMenuItem>
          <Menu.Item onClick={onExport}>Export matching events…</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  );
}
