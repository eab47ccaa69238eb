import { ActionIcon, Button, Switch } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import type { Connection, LinePhase } from '../../../shared/contract/desktop.ts';
import { useAction } from '../../errors/use-action.ts';
import { changeDesktop } from '../../model/app/desktop.ts';
import { InlineError } from '../../ui/feedback/inline-error.tsx';
import { Lamp } from '../../ui/feedback/lamp.tsx';
import { Mono } from '../../ui/text/mono.tsx';
import classes from './connections.module.css';

const phaseWords: Record<LinePhase, string> = {
  connected: 'Connected',
  connecting: 'Connecting…',
  reconnecting: 'Reconnecting…',
  'signed-out': 'Signed out',
};

export function ThisComputerRow({ isShown }: { isShown: boolean }) {
  const show = useAction(() => changeDesktop('desktop.show', { id: null }));
  return (
    <li className={classes.row} aria-label="This computer">
      <span className={classes.name}>This computer</span>
      <span className={classes.detail} />
      {isShown ? (
        <span className={classes.shown}>Shown</span>
      ) : (
        <Button variant="default" loading={show.busy} onClick={() => void show.run()}>
          Show
        </Button>
      )}
      <InlineError error={show.error} />
    </li>
  );
}

interface ConnectionRowProps {
  connection: Connection;
  isShown: boolean;
  /** Of the one that is shown. */
  phase: LinePhase;
}

export function ConnectionRow({ connection, isShown, phase }: ConnectionRowProps) {
  const { id, name, address, color, fingerprint, notify, signedIn } = connection;
  const show = useAction(() => changeDesktop('desktop.show', { id }));
  const remove = useAction(() => changeDesktop('desktop.remove', { id }));
  const change = useAction((on: boolean) => changeDesktop('desktop.change', { id, notify: on }));
  return (
    <li className={classes.row} aria-label={name}>
      <span className={classes.name}>
        <Lamp tone={color} /> {name}
      </span>
      <span className={classes.detail}>
        <Mono>{address}</Mono>
        {fingerprint !== null && (
          <span title={`SHA-256 ${fingerprint}`}> · trusted by fingerprint {fingerprint.slice(0, 11)}…</span>
        )}
        {!isShown && !signedIn && ' · signed out'}
      </span>
      <Switch
        label="Notify"
        aria-label={`Notifications of ${name}`}
        checked={notify}
        onChange={(event) => void change.run(event.currentTarget.checked)}
      />
      {isShown ? (
        <span className={classes.shown}>{phaseWords[phase]}</span>
      ) : (
        <Button variant="default" loading={show.busy} onClick={() => void show.run()}>
          Show
        </Button>
      )}
      <ActionIcon aria-label={`Remove ${name}`} loading={remove.busy} onClick={() => void remove.run()}>
        <IconTrash size={15} stroke={1.6} />
      </ActionIcon>
      <InlineError error={show.error ?? remove.error ?? change.error} />
    </li>
  );
}
