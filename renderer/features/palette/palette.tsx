import { Spotlight, spotlight } from '@mantine/spotlight';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useMemo, useState } from 'react';
import { useShortcuts } from '../../keyboard/shortcuts.ts';
import { lackIn, useAccount } from '../../model/app/account.ts';
import { type Command, useAllCommands } from '../../model/app/commands.ts';
import { onMenuCommand } from '../../model/app/desktop.ts';
import { useCatalog } from '../../model/definitions/catalog.ts';
import { Kbd } from '../../ui/text/kbd.tsx';
import { findCommands } from './model/find-commands.ts';
import classes from './palette.module.css';
import { builtinCommands, catalogCommands, typedCommands } from './palette-commands.tsx';

const maxShown = 60;

function grouped(commands: readonly Command[]): [string, Command[]][] {
  const groups = new Map<string, Command[]>();
  for (const command of commands) groups.set(command.group, [...(groups.get(command.group) ?? []), command]);
  return [...groups];
}

export function Palette() {
  const [query, setQuery] = useState('');
  const sets = useAllCommands();
  const account = useAccount((state) => state.account);
  const listeners = useCatalog((state) => state.listeners);
  const jobs = useCatalog((state) => state.jobs);
  const alarms = useCatalog((state) => state.alarms);
  const sources = useCatalog((state) => state.sources);
  useShortcuts('Everywhere', [
    { keys: 'mod+k', label: 'Command palette', run: spotlight.toggle, inInputs: true, inDialogs: true },
  ]);
  useEffect(() => onMenuCommand('command-palette', spotlight.open), []);

  const shown = useMemo(() => {
    // What the page at hand offers stands before what is always there.
    const all = [
      ...sets.filter((set) => set.isPage).flatMap((set) => set.commands),
      ...builtinCommands,
      ...sets.filter((set) => !set.isPage).flatMap((set) => set.commands),
      ...(query.trim() === '' ? [] : catalogCommands({ listeners, jobs, sources, alarms })),
    ];
    const permitted = all.filter(({ needs }) => needs === undefined || lackIn(account, needs) === null);
    return grouped([...findCommands(permitted, query).slice(0, maxShown), ...typedCommands(query)]);
  }, [sets, account, query, listeners, jobs, sources, alarms]);

  return (
    <Spotlight.Root
      query={query}
      onQueryChange={setQuery}
      shortcut={null}
      size={600}
      scrollable
      maxHeight={420}
      transitionProps={{ duration: 0 }}
      overlayProps={{ backgroundOpacity: 0.35 }}
      classNames={classes}
      attributes={{ content: { 'aria-label': 'Command palette' } }}
    >
      <Spotlight.Search
        placeholder="Search commands or paste an ID"
        leftSection={<IconSearch size={16} stroke={1.6} />}
      />
      <Spotlight.ActionsList>
        {shown.map(([group, commands]) => (
          <Spotlight.ActionsGroup key={group} label={group}>
            {commands.map((command) => (
              <Spotlight.Action key={command.id} onClick={command.run} highlightQuery={false}>
                <span className={classes.row}>
                  {command.icon !== undefined && <span className={classes.icon}>{command.icon}</span>}
                  <span className={classes.name}>{command.label}</span>
                  {command.keys !== undefined && <Kbd keys={command.keys} />}
                </span>
              </Spotlight.Action>
            ))}
          </Spotlight.ActionsGroup>
        ))}
        {shown.length === 0 && <Spotlight.Empty>No results</Spotlight.Empty>}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}
