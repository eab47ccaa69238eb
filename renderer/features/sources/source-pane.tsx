import { useEffect, useState } from 'react';
import type { PresetInfo, Source } from '../../../shared/contract/sources.ts';
import { call } from '../../client/index.ts';
import { PermittedButton } from '../../domain/access/permitted-button.tsx';
import { ConflictNote } from '../../domain/definition/conflict-note.tsx';
import { DefinitionDetail } from '../../domain/definition/definition-detail.tsx';
import { DefinitionLoading, useIsReadOnly } from '../../domain/definition/definition-pane.tsx';
import { InUseNote } from '../../domain/definition/in-use-note.tsx';
import { RemoveMenu } from '../../domain/definition/remove-menu.tsx';
import { useRemoval } from '../../domain/definition/use-removal.ts';
import { useAction } from '../../errors/use-action.ts';
import { navigate } from '../../model/app/navigation.ts';
import { paths } from '../../model/app/paths.ts';
import { type CallState, useCall } from '../../model/calls/use-call.ts';
import { useCatalog } from '../../model/definitions/catalog.ts';
import { showFailure, showUndo } from '../../ui/feedback/toasts.tsx';
import { ToneBadge } from '../../ui/feedback/tone-badge.tsx';
import { LoadingRows } from '../../ui/tables/loading-rows.tsx';
import { SourceDeliveries } from './deliveries/source-deliveries.tsx';
import { SourceTest } from './deliveries/source-test.tsx';
import { SourceEditor } from './edit/source-editor.tsx';
import type { DeliveriesFilter } from './model/deliveries-list.ts';
import { sourceDraftOf, sourceEditors, sourceInputOf } from './model/source-draft.ts';
import { healthOf } from './model/source-health.ts';
import { SourceActivity } from './overview/source-activity.tsx';
import { SourceOverview } from './overview/source-overview.tsx';
import { useSwitchPreset } from './presets/use-switch-preset.ts';

interface SourcePaneProps {
  slug: string;
  /** The deliveries that the address names; null for the overview. */
  asked: DeliveriesFilter | null;
  presets: CallState<{ items: PresetInfo[] }>;
  onClose: () => void;
}

export function SourcePane({ slug, asked, presets, onClose }: SourcePaneProps) {
  const got = useCall('sources.get', { slug }, { reloadOn: ['sources.changed', 'deliveries.added'] });
  const source = got.value;
  useEffect(() => {
    if (source !== undefined) sourceEditors.receive(slug, sourceDraftOf(source), source.version);
  }, [slug, source]);
  // What a source leaves out its preset says: shown without it, the values would be wrong for a moment.
  if (source === undefined || presets.value === undefined) {
    const failed = source === undefined && got.error !== null ? got : presets;
    return (
      <DefinitionLoading what="source" slug={slug} error={failed.error} onRetry={failed.reload} onClose={onClose} />
    );
  }
  return (
    <Loaded source={source} asked={asked} presets={presets.value.items} onClose={onClose} onChanged={got.setValue} />
  );
}

type Tab = 'overview' | 'activity' | 'settings' | 'deliveries' | 'test';

interface LoadedProps {
  source: Source;
  asked: DeliveriesFilter | null;
  presets: readonly PresetInfo[];
  onClose: () => void;
  onChanged: (source: Source) => void;
}

function Loaded({ source, asked, presets, onClose, onChanged }: LoadedProps) {
  const { slug } = source;
  const preset = presets.find((one) => one.id === source.preset);
  const [tab, setTab] = useState<Tab>(asked === null ? 'overview' : 'deliveries');
  const editing = sourceEditors.use(slug);
  const readOnly = useIsReadOnly(source.owner);
  const isBuiltin = source.owner === 'builtin';
  const users = useCatalog((state) => state.listeners).filter((listener) => listener.source === slug);

  const setEnabled = useAction(async (enabled: boolean) => {
    try {
      onChanged(await call('sources.setEnabled', { slug, enabled }));
      showUndo({
        message: enabled ? `${source.name} is enabled` : `${source.name} is disabled: deliveries are answered 404`,
        undo: () => call('sources.setEnabled', { slug, enabled: !enabled }),
      });
    } catch (error) {
      showFailure(error, `${source.name} could not be ${enabled ? 'enabled' : 'disabled'}`);
    }
  });

  const removal = useRemoval({
    name: source.name,
    done: `${source.name} was removed; its events stay`,
    remove: () => call('sources.remove', { slug }),
    onRemoved: () => {
      sourceEditors.close(slug);
      onClose();
    },
    restore: async () => {
      await call('sources.create', { ...sourceInputOf(sourceDraftOf(source), undefined), enabled: source.enabled });
      navigate(paths.source(slug));
    },
  });

  // Switched but not saved yet, the settings on show are those of the other preset.
  const editedPreset = presets.find((one) => one.id === editing?.draft.preset);
  const switchTo = useSwitchPreset(source, presets, onChanged, () => setTab('settings'));

  const isDirty = editing !== undefined && sourceEditors.isDirty(editing);
  const tabs: { value: Tab; label: string; count?: number; tone?: 'amber' }[] = [
    { value: 'overview', label: 'Overview' },
    ...(isBuiltin
      ? []
      : [
          { value: 'activity' as const, label: 'Activity' },
          { value: 'settings' as const, label: isDirty ? 'Settings •' : 'Settings' },
          { value: 'deliveries' as const, label: 'Deliveries' },
          { value: 'test' as const, label: 'Send a test' },
        ]),
  ];

  return (
    <DefinitionDetail
      what="source"
      definition={source}
      lamp={healthOf(source)}
      stateBadges={!source.enabled && <ToneBadge tone="grey">disabled</ToneBadge>}
      actions={
        !readOnly && (
          <>
            <PermittedButton
              needs="define"
              variant="default"
              loading={setEnabled.busy}
              onClick={() => void setEnabled.run(!source.enabled)}
            >
              {source.enabled ? 'Disable' : 'Enable'}
            </PermittedButton>
            <RemoveMenu label="Remove" busy={removal.busy} onRemove={removal.run} />
          </>
        )
      }
      notes={
        <>
          {removal.isInUse && (
            <InUseNote
              users={users}
              uses={{ one: 'matches its events', several: 'match its events' }}
              remedy={users.length === 1 ? 'Change or delete it first.' : 'Change or delete them first.'}
            />
          )}
          <ConflictNote
            what="source"
            slug={slug}
            editors={sourceEditors}
            editing={editing}
            inputOf={(draft) =>
              sourceInputOf(
                draft,
                presets.find((one) => one.id === draft.preset),
              )
            }
          />
        </>
      }
      tabs={tabs}
      tab={tab}
      onTab={setTab}
      onClose={onClose}
    >
      {tab === 'overview' && (
        <SourceOverview
          source={source}
          preset={preset}
          presets={readOnly ? [] : presets}
          onSwitch={switchTo}
          onTest={() => setTab('test')}
        />
      )}
      {tab === 'activity' && <SourceActivity source={source} />}
      {tab === 'settings' &&
        (editing === undefined || editedPreset === undefined ? (
          <LoadingRows rows={8} />
        ) : (
          <SourceEditor
            key={editedPreset.id}
            source={source}
            preset={editedPreset}
            editing={editing}
            readOnly={readOnly}
            onSaved={onChanged}
          />
        ))}
      {tab === 'deliveries' && (
        <SourceDeliveries source={source} asked={asked} presets={readOnly ? [] : presets} onSwitch={switchTo} />
      )}
      {tab === 'test' && preset !== undefined && <SourceTest source={source} preset={preset} hasUnsaved={isDirty} />}
    </DefinitionDetail>
  );
}
