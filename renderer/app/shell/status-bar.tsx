import { Popover } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { Alert, Status } from '../../../shared/contract/app.ts';
import { useConnection } from '../../model/app/connection.ts';
import { hrefOf, paths } from '../../model/app/paths.ts';
import { usePreferences } from '../../model/app/preferences.ts';
import { useStatus } from '../../model/app/status.ts';
import { CopyButton } from '../../ui/feedback/copy-button.tsx';
import { Lamp, type Tone } from '../../ui/feedback/lamp.tsx';
import { formatBytes, formatCount } from '../../ui/text/format.ts';
import { TimeAgo } from '../../ui/text/time-ago.tsx';
import { ConnectionMark } from './connection-mark.tsx';
import classes from './status-bar.module.css';

const alertTones: Record<Alert['level'], Tone> = { info: 'blue', warning: 'amber', error: 'red' };
/** What is decided or changed there. */
const settledInSettings = new Set([
  'receiver_closed',
  'store_set_aside',
  'database_damaged',
  'backup_failed',
  'disk_full',
  'disk_low',
]);

const worst = (alerts: readonly Alert[]): Tone =>
  alerts.some((one) => one.level === 'error')
    ? 'red'
    : alerts.some((one) => one.level === 'warning')
      ? 'amber'
      : 'blue';

/** What becomes of a delivery that is sent now. */
function describeReceiver({ receiver, phase, runs }: Pick<Status, 'receiver' | 'phase' | 'runs'>): string {
  if (phase === 'stopping') return 'Quitting…';
  if (phase === 'restarting') return 'Restarting…';
  if (receiver.problem !== null) return 'Not listening';
  if (!receiver.accepting) return 'Refusing (503)';
  if (phase === 'running') return 'Accepting';
  return runs.running === 1 ? 'Quitting after 1 run' : `Quitting after ${runs.running} runs`;
}

function Receiver({ status }: { status: Status }) {
  const { receiver, phase } = status;
  const isConnected = useConnection((state) => state.phase === 'connected');
  return (
    <span className={classes.part}>
      {/* Without the line nobody here knows: the lamp goes out rather than showing what was. */}
      <Lamp
        tone={!isConnected ? 'grey' : phase !== 'running' ? 'amber' : receiver.accepting ? 'green' : 'red'}
        lit={isConnected}
      />
      {describeReceiver(status)}
      <span className={classes.mono}>{receiver.url}</span>
      <CopyButton text={receiver.url} title="Copy receiver address" />
    </span>
  );
}

function Alerts({ alerts }: { alerts: readonly Alert[] }) {
  if (alerts.length === 0) return null;
  return (
    <Popover position="top-end" width={420}>
      <Popover.Target>
        <button type="button" className={classes.button}>
          <Lamp tone={worst(alerts)} />
          {alerts.length === 1 ? '1 alert' : `${alerts.length} alerts`}
        </button>
      </Popover.Target>
      <Popover.Dropdown className={classes.alerts}>
        {alerts.map((alert) => (
          <div key={`${alert.code}-${alert.since}`} className={classes.alert}>
            <Lamp tone={alertTones[alert.level]} label={alert.level} />
            <span>
              {alert.message}
              {settledInSettings.has(alert.code) && (
                <>
                  {' '}
                  <a href={hrefOf(paths.settings())}>Settings</a>
                </>
              )}
            </span>
            <span className={classes.since}>
              <TimeAgo at={alert.since} />
            </span>
          </div>
        ))}
      </Popover.Dropdown>
    </Popover>
  );
}

function ConnectionLamp() {
  const phase = useConnection((state) => state.phase);
  // A line that comes back within a moment is not worth a flicker.
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    setLate(false);
    if (phase === 'connected') return;
    const timer = setTimeout(() => setLate(true), 700);
    return () => clearTimeout(timer);
  }, [phase]);
  const isDown = phase !== 'connected' && isLate;
  return (
    <span className={classes.part} role="status">
      <Lamp tone={isDown ? 'amber' : 'green'} />
      {isDown ? (phase === 'signed-out' ? 'Signed out' : 'Reconnecting… Showing the last known state') : 'Connected'}
    </span>
  );
}

/** The index rests between passes, so a few events behind is its usual state. */
const worthSaying = 200;

export function StatusBar() {
  const status = useStatus((state) => state.status);
  const showInternal = usePreferences((state) => state.showInternal);
  return (
    <footer className={classes.bar}>
      <ConnectionMark />
      {status === null ? (
        <span className={classes.part}>Loading status…</span>
      ) : (
        <>
          <Receiver status={status} />
          <span className={classes.part} title={`${formatCount(status.events.total)} events stored`}>
            <b>{formatCount(status.events.perMinute)}</b> events/min
          </span>
          <span className={classes.part}>
            <b>{formatCount(status.runs.running)}</b> running
            {status.runs.waiting > 0 && <>, {formatCount(status.runs.waiting)} waiting</>}
          </span>
          {status.index.behind >= worthSaying && (
            <span className={classes.part} title="Not in full-text search yet">
              <Lamp tone="amber" lit={false} />
              search {formatCount(status.index.behind)} behind
            </span>
          )}
          {status.config !== null && status.config.error !== null && (
            <span className={classes.part} title={status.config.error}>
              <Lamp tone="red" />
              config file has an error
            </span>
          )}
          <span className={classes.gap} />
          <Alerts alerts={status.alerts} />
          <span
            className={`${classes.part} ${classes.stored}`}
            title={`${status.dataDir}\nSignalbox ${status.version}, ${status.mode}`}
          >
            {formatCount(status.events.total)} {status.events.total === 1 ? 'event' : 'events'}
            {!showInternal && ', internal included'} · {formatBytes(status.databaseBytes)}
          </span>
        </>
      )}
      {status === null && <span className={classes.gap} />}
      <ConnectionLamp />
    </footer>
  );
}
