import { Button, Tooltip } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { Listener } from '../../../shared/contract/listeners.ts';
import { stringifyExact } from '../../../shared/exact-json/stringify-exact.ts';
import { call } from '../../client/index.ts';
import {
  ConflictNote,
  DefinitionLoading,
  DefinitionPane,
  OwnedNote,
  PaneHead,
  PaneNote,
  useIsReadOnly,
} from '../../domain/definition/definition-pane.tsx';
import { OwnerBadge } from '../../domain/definition/owner-badge.tsx';
import { RemoveMenu } from '../../domain/definition/remove-menu.tsx';
import { useAction } from '../../errors/use-action.ts';
import { useCall } from '../../model/calls/use-call.ts';
import { listenerDraftOf, listenerEditors, listenerInputOf } from '../../model/definitions/listener-draft.ts';
import { Lamp } from '../../ui/feedback/lamp.tsx';
import { showFailure, showUndo } from '../../ui/feedback/toasts.tsx';
import { ToneBadge } from '../../ui/feedback/tone-badge.tsx';
import { SegmentTabs, TabPanel } from '../../ui/layout/segment-tabs.tsx';
import { LoadingRows } from '../../ui/tables/loading-rows.tsx';
import { TimeAgo } from '../../ui/text/time-ago.tsx';
import { ListenerEditor } from './listener-editor.tsx';
import { ListenerVersions } from './listener-versions.tsx';
import classes from './listeners.module.css';
import { lampOf } from './model/filter-listeners.ts';

interface ListenerPaneProps {
  slug: string;
  eventId: string | null;
  onClose: () => void;
}

export function ListenerPane({ slug, eventId, onClose }: ListenerPaneProps) {
  const got = useCall('listeners.get', { slug }, { reloadOn: ['listeners.changed'] });
  const listener = got.value;
  useEffect(() => {
    if (listener !== undefined) listenerEditors.receive(slug, listenerDraftOf(listener), listener.version);
  }, [slug, listener]);
  if (listener === undefined) {
    return (
      <DefinitionLoading
        label={`Listener ${slug}`}
        what="listener"
        slug={slug}
        error={got.error}
        onRetry={got.reload}
        onClose={onClose}
      />
    );
  }
  return <Loaded listener={listener} eventId={eventId} onClose={onClose} onChanged={got.setValue} />;
}

type Tab = 'definition' | 'versions';

interface LoadedProps {
  listener: Listener;
  eventId: string | null;
  onClose: () => void;
  onChanged: (listener: Listener) => void;
}

function Loaded({ listener, eventId, onClose, onChanged }: LoadedProps) {
  const { slug } = listener;
  const [tab, setTab] = useState<Tab>('definition');
  const editing = listenerEditors.use(slug);
  const ownedElsewhere = useIsReadOnly(listener.owner);
  const isDeleted = listener.state === 'deleted';
  const readOnly = ownedElsewhere || isDeleted;
  const lamp = lampOf(listener);

  const setState = useAction(async (state: Listener['state']) => {
    const before = listener.state;
    try {
      onChanged(await call('listeners.setState', { slug, state, version: listener.version }));
    } catch (error) {
      showFailure(error, `${listener.name} is still ${before}`);
      return;
    }
    if (state === 'deleted') {
      showUndo({
        message: `${listener.name} was deleted`,
        undo: async () => {
          await call('listeners.setState', { slug, state: 'disabled' });
          if (before === 'active') await call('listeners.setState', { slug, state: 'active' });
        },
      });
    } else if (before !== 'deleted') {
      showUndo({
        message: `${listener.name} is ${state === 'active' ? 'active' : 'disabled'}`,
        undo: () => call('listeners.setState', { slug, state: before }),
      });
    }
  });

  return (
    <DefinitionPane label={`Listener ${slug}`}>
      <PaneHead
        lamp={<Lamp tone={lamp.tone} lit={lamp.lit} label={lamp.label} />}
        title={listener.name}
        slug={slug}
        badges={
          <>
            {isDeleted && <ToneBadge tone="grey">deleted</ToneBadge>}
            {listener.state === 'disabled' && <ToneBadge tone="grey">disabled</ToneBadge>}
            <OwnerBadge owner={listener.owner} />
            <span className={classes.lastMatch}>
              {listener.lastMatchedAt === null ? (
                'never matched'
              ) : (
                <>
                  matched <TimeAgo at={listener.lastMatchedAt} />
                </>
              )}
            </span>
          </>
        }
        actions={
          isDeleted ? (
            <Tooltip label="Restores it disabled">
              <Button variant="default" loading={setState.busy} onClick={() => void setState.run('disabled')}>
                Restore
              </Button>
            </Tooltip>
          ) : (
            !ownedElsewhere && (
              <>
                <Button
                  variant="default"
                  loading={setState.busy}
                  onClick={() => void setState.run(listener.state === 'active' ? 'disabled' : 'active')}
                >
                  {listener.state === 'active' ? 'Disable' : 'Enable'}
                </Button>
                <RemoveMenu label="Delete" onRemove={() => void setState.run('deleted')} />
              </>
            )
          )
        }
        onClose={onClose}
      />
      {isDeleted ? (
        <PaneNote>
          This listener was deleted and matches no events. Restore it to edit it; it will be disabled.
        </PaneNote>
      ) : (
        <OwnedNote owner={listener.owner} what="listener" />
      )}
      {listener.problem !== null && !isDeleted && <PaneNote tone="red">{listener.problem}</PaneNote>}
      {editing?.newer !== null && editing?.newer !== undefined && (
        <ConflictNote
          what="listener"
          mine={stringifyExact(listenerInputOf(editing.draft), 2)}
          theirs={stringifyExact(listenerInputOf(editing.newer.draft), 2)}
          version={editing.newer.version}
          onTakeTheirs={() => listenerEditors.takeNewer(slug)}
          onKeepMine={() => listenerEditors.keepMine(slug)}
        />
      )}
      <SegmentTabs
        id="listener"
        label="Listener"
        keys
        tabs={[
          { value: 'definition', label: 'Definition' },
          { value: 'versions', label: 'Versions', count: listener.version > 1 ? listener.version : undefined },
        ]}
        value={tab}
        onChange={(value: Tab) => setTab(value)}
      />
      <TabPanel id="listener" tab={tab}>
        {tab === 'versions' ? (
          <ListenerVersions slug={slug} version={listener.version} />
        ) : editing === undefined ? (
          <LoadingRows rows={8} />
        ) : (
          <ListenerEditor slug={slug} editing={editing} readOnly={readOnly} eventId={eventId} onSaved={onChanged} />
        )}
      </TabPanel>
    </DefinitionPane>
  );
}
