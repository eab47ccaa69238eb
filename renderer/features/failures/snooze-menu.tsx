import { Button, Menu, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Failure } from '../../../shared/contract/failures.ts';
import { useLack } from '../../model/app/account.ts';
import { Kbd } from '../../ui/text/kbd.tsx';
import classes from './failures.module.css';
import { type SnoozeEnd, snoozeFailure } from './model/failure-actions.ts';
import { snoozeTimes } from './model/snooze-times.ts';

interface SnoozeMenuProps {
  failure: Failure;
  opened: boolean;
  onChange: (opened: boolean) => void;
}

const counts = [10, 100] as const;

/** Until a time, until it failed so many times more, until its definition changes. */
export function SnoozeMenu({ failure, opened, onChange }: SnoozeMenuProps) {
  const lack = useLack('operate');
  const [custom, setCustom] = useState('');
  const snooze = (end: SnoozeEnd, what: string): void => {
    onChange(false);
    void snoozeFailure(failure, end, what);
  };
  const at = new Date(custom);
  const isCustom = custom !== '' && at.getTime() > Date.now();
  return (
    <Menu opened={opened} onChange={onChange} position="bottom-end" width={260} keepMounted={false}>
      <Menu.Target>
        <Button variant="default" disabled={lack !== null} title={lack ?? undefined} rightSection={<Kbd keys="s" />}>
          Snooze
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {snoozeTimes(new Date()).map((time) => (
          <Menu.Item key={time.label} onClick={() => snooze({ until: time.at.toISOString() }, lower(time.label))}>
            {time.label}
          </Menu.Item>
        ))}
        <Menu.Divider />
        {counts.map((more) => (
          <Menu.Item key={more} onClick={() => snooze({ more }, `until it fails ${more} more times`)}>
            Until it fails {more} more times
          </Menu.Item>
        ))}
        <Menu.Item onClick={() => snooze({ onChange: true }, 'until its listener or job changes')}>
          Until its listener or job changes
        </Menu.Item>
        <Menu.Divider />
        <form
          className={classes.custom}
          onSubmit={(event) => {
            event.preventDefault();
            if (isCustom) snooze({ until: at.toISOString() }, 'until the chosen time');
          }}
        >
          <TextInput
            type="datetime-local"
            label="Until"
            value={custom}
            onChange={(event) => setCustom(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Escape') event.stopPropagation();
            }}
          />
          <Button type="submit" variant="default" disabled={!isCustom}>
            Snooze
          </Button>
        </form>
      </Menu.Dropdown>
    </Menu>
  );
}

const lower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
