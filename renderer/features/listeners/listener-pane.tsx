import { Tooltip } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { Listener } from '../../../shared/contract/listeners.ts';
import { call } from '../../client/index.ts';
import { PermittedButton } from '../../domain/access/permitted-button.tsx';
import { ConflictNote } from '../../domain/definition/conflict-note.tsx';
import { DefinitionDetail } from '../../domain/definition/definition-detail.tsx';
import { DefinitionLoading, useIsReadOnly } from '../../domain/definition/definition-pane.tsx';
import { RemoveMenu } from '../../domain/definition/remove-menu.tsx';
import { useAction } from '../../errors/use-action.ts';
import { useCall } from '../../model/calls/use-call.ts';
import { listenerDraftOf, listenerEditors, listenerInputOf } from '../../model/definitions/listener-draft.ts';
import { showFailure, showUndo } from '../../ui/feedback/toasts.tsx';
import { ToneBadge } from '../../ui/feedback/tone-badge.tsx';
import { LoadingRows } from '../../ui/tables/loading-rows.tsx';
import { TimeAgo } from '../../ui/text/time-ago.tsx';
import { ListenerActivity } from './activity/listener-activity.tsx';
import { ListenerEditor } from './listener-editor.tsx';
import { ListenerVersions } from './listener-versions.tsx';
import classes from './listeners.module.css';
import { lampOf } from './model/filter-listeners.ts';
import { ShadowMatches } from './shadow-matches.tsx';

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
    return <DefinitionLoading what="listener" slug={slug} error={got.error} onRetry={got.reload} onClose={onClose} />;
  }
  return <Loaded listener={listener} eventId={eventId} onClose={onClose} onChanged={got.setValue} />;
}

/** The saved definition with another mode, whatever is being edited. */
function saveMode(listener: Listener, mode: 'notify' | 'shadow'): Promise<Listener> {
  const draft = listenerDraftOf(listener);
  const input = listenerInputOf({ ...draft, answering: { ...draft.answering, mode } });
  return call('listeners.update', { ...input, version: listener.version });
}

type Tab = 'definition' | 'shadow' | 'activity' | 'versions';

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
  const isShadow = listener.mode === 'shadow';

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

  const startRuns = useAction(async () => {
    try {
      onChanged(await saveMode(listener, 'notify'));
    } catch (error) {
      showFailure(error, `${listener.name} is still in shadow mode`);
      return;
    }
    showUndo({
      message: `${listener.name} starts runs`,
      undo: async () => {
        await saveMode(await call('listeners.get', { slug }), 'shadow');
      },
    });
  });

  return (
    <DefinitionDetail
      what="listener"
      definition={listener}
      lamp={lampOf(listener)}
      stateBadges={
        <>
          {listener.state !== 'active' && <ToneBadge tone="grey">{listener.state}</ToneBadge>}
          {isShadow && !isDeleted && <ToneBadge tone="blue">shadow</ToneBadge>}
        </>
      }
      facts={
        <span className={classes.lastMatch}>
          {listener.lastMatchedAt === null ? (
            'never matched'
          ) : (
            <>
              matched <TimeAgo at={listener.lastMatchedAt} />
            </>
          )}
        </span>
      }
      actions={
        isDeleted ? (
          <Tooltip label="Restored as disabled">
            <PermittedButton
              needs="define"
              variant="default"
              loading={setState.busy}
              onClick={() => void setState.run('disabled')}
            >
              Restore
            </PermittedButton>
          </Tooltip>
        ) : (
          !ownedElsewhere && (
            <>
              <PermittedButton
                needs="define"
                variant="default"
                loading={setState.busy}
                onClick={() => void setState.run(listener.state === 'active' ? 'disabled' : 'active')}
              >
                {listener.state === 'active' ? 'Disable' : 'Enable'}
              </PermittedButton>
              <RemoveMenu label="Delete" onRemove={() => void setState.run('deleted')} />
            </>
          )
        )
      }
      gone={
        isDeleted
          ? 'This listener was deleted and matches no events. Restore it to edit it; it will be disabled.'
          : undefined
      }
      notes={
        <ConflictNote
          what="listener"
          slug={slug}
          editors={listenerEditors}
          editing={editing}
          inputOf={listenerInputOf}
        />
      }
      tabs={[
        { value: 'definition', label: 'Definition' },
        ...(isShadow ? [{ value: 'shadow' as const, label: 'Shadow' }] : []),
        { value: 'activity', label: 'Activity' },
        { value: 'versions', label: 'Versions', count: listener.version > 1 ? listener.version : undefined },
      ]}
      tab={tab === 'shadow' && !isShadow ? 'definition' : tab}
      onTab={setTab}
      onClose={onClose}
    >
      {tab === 'shadow' && isShadow ? (
        <ShadowMatches
          listener={listener}
          onStart={readOnly ? null : () => void startRuns.run()}
          isBusy={startRuns.busy}
        />
      ) : tab === 'activity' ? (
        <ListenerActivity listener={listener} />
      ) : tab === 'versions' ? (
        <ListenerVersions slug={slug} version={listener.version} />
      ) : editing === undefined ? (
        <LoadingRows rows={8} />
      ) : (
        <ListenerEditor slug={slug} editing={editing} readOnly={readOnly} eventId={eventId} onSaved={onChanged} />
      )}
    </DefinitionDetail>
  );
}
