import { Menu } from '@mantine/core';
import { IconHandGrab } from '@tabler/icons-react';
import { call } from '../../../client/index.ts';
import { PermittedButton } from '../../../domain/access/permitted-button.tsx';
import { useAction } from '../../../errors/use-action.ts';
import { hrefOf, paths } from '../../../model/app/paths.ts';
import { idBatches } from '../../../model/calls/id-batches.ts';
import { useCatalog } from '../../../model/definitions/catalog.ts';
import { InlineError } from '../../../ui/feedback/inline-error.tsx';
import { showDone } from '../../../ui/feedback/toasts.tsx';
import { formatCount } from '../../../ui/text/format.ts';
import classes from '../live.module.css';

interface RunListenerMenuProps {
  ids: readonly string[];
  onRun: () => void;
}

/** Gives events to a listener after the fact, whatever its type and conditions say. */
export function RunListenerMenu({ ids, onRun }: RunListenerMenuProps) {
  const listeners = useCatalog((state) => state.listeners).filter(
    (listener) => listener.state === 'active' && listener.mode !== 'shadow',
  );
  const runListener = useAction(async (listener: { slug: string; name: string }) => {
    let count = 0;
    let runId: string | undefined;
    for (const batch of idBatches([...ids].sort())) {
      const { items } = await call('events.take', { ids: batch, listener: listener.slug });
      count += items.length;
      runId ??= items[0]?.id;
    }
    showDone(
      <span>
        {count === 1 ? '1 event' : `${formatCount(count)} events`} sent to {listener.name}
        {count === 1 && runId !== undefined && (
          <>
            {' '}
            · <a href={hrefOf(paths.run(runId))}>Show run</a>
          </>
        )}
      </span>,
    );
    onRun();
  });
  return (
    <>
      <Menu position="bottom-start" width={280}>
        <Menu.Target>
          <PermittedButton
            needs="operate"
            size="compact-xs"
            variant="default"
            leftSection={<IconHandGrab size={13} />}
            loading={runListener.busy}
            disabled={listeners.length === 0}
          >
            Run a listener…
          </PermittedButton>
        </Menu.Target>
        <Menu.Dropdown className={classes.listenerMenu}>
          {listeners.map((listener) => (
            <Menu.Item
              key={listener.slug}
              rightSection={<span className={classes.key}>{listener.job}</span>}
              onClick={() => void runListener.run(listener)}
            >
              {listener.name}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <InlineError error={runListener.error} />
    </>
  );
}
