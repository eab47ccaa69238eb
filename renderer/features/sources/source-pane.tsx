import { ActionIcon, Button, Menu } from '@mantine/core';
import { IconDots, IconTrash } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { PresetInfo, Source } from '../../../shared/contract/sources.ts';
import { stringifyExact } from '../../../shared/exact-json/stringify-exact.ts';
import { AppError, call } from '../../client/index.ts';
import {
  ConflictNote,
  DefinitionPane,
  OwnedNote,
  PaneHead,
  PaneNote,
  useIsReadOnly,
} from '../../domain/definition/definition-pane.tsx';
import { OwnerBadge } from '../../domain/definition/owner-badge.tsx';
import { useAction } from '../../errors/use-action.ts';
import { navigate } from '../../model/app/navigation.ts';
import { hrefOf, paths } from '../../model/app/paths.ts';
import { type CallState, useCall } from '../../model/calls/use-call.ts';
import { useCatalog } from '../../model/definitions/catalog.ts';
import { ErrorState } from '../../ui/feedback/error-state.tsx';
import { Lamp } from '../../ui/feedback/lamp.tsx';
import { showFailure, showUndo } from '../../ui/feedback/toasts.tsx';
import { ToneBadge } from '../../ui/feedback/tone-badge.tsx';
import { SegmentTabs } from '../../ui/layout/segment-tabs.tsx';
import { LoadingRows } from '../../ui/tables/loading-rows.tsx';
import { sourceDraftOf, sourceEditors, sourceInputOf } from './model/source-draft.ts';
import { healthOf } from './model/source-health.ts';
import { SourceDeliveries } from './source-deliveries.tsx';
import { SourceEditor } from './source-editor.tsx';
import { SourceOverview } from './source-overview.tsx';
import { SourceTest } from './source-test.tsx';
import classes from './sources.module.css';
import { useSwitchPreset } from './use-switch-preset.ts';

interface SourcePaneProps {
  slug: string;
  presets: CallState<{ items: PresetInfo[] }>;
  onClose: () => void;
}

export function SourcePane({ slug, presets, onClose }: SourcePaneProps) {
  const got = useCall('sources.get', { slug }, { reloadOn: ['sources.changed', 'deliveries.added'] });
  const source = got.value;
  useEffect(() => {
    if (source !== undefined) sourceEditors.receive(slug, sourceDraftOf(source), source.version);
  }, [slug, source]);
  // What a source leaves out its preset says: shown without it, the values would be wrong for a moment.
  if (source === undefined || presets.value === undefined) {
    const failed = source === undefined && got.error !== null ? got : presets;
    return (
      <DefinitionPane label={`Source ${slug}`}>
        <PaneHead title={source?.name ?? slug} slug={source?.slug} onClose={onClose} />
        {failed.error === null ? (
          <LoadingRows rows={8} />
        ) : (
          <ErrorState error={failed.error} title="This source could not be loaded" onRetry={failed.reload} />
        )}
      </DefinitionPane>
    );
  }
  return <Loaded source={source} presets={presets.value.items} onClose={onClose} onChanged={got.setValue} />;
}

type Tab = 'overview' | 'settings' | 'deliveries' | 'test';

interface LoadedProps {
  source: Source;
  presets: readonly PresetInfo[];
  onClose: () => void;
  onChanged: (source: Source) => void;
}

function Loaded({ source, presets, onClose, onChanged }: LoadedProps) {
  const { slug } = source;
  const preset = presets.find((one) => one.id === source.preset);
  const [tab, setTab] = useState<Tab>('overview');
  const [isInUse, setInUse] = useState(false);
  const editing = sourceEditors.use(slug);
  const readOnly = useIsReadOnly(source.owner);
  const isBuiltin = source.owner === 'builtin';
  const users = useCatalog((state) => state.listeners).filter((listener) => listener.source === slug);
  const health = healthOf(source);

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

  const remove = useAction(async () => {
    try {
      await call('sources.remove', { slug });
    } catch (error) {
      if (error instanceof AppError && error.code === 'in_use') setInUse(true);
      else showFailure(error, `${source.name} could not be removed`);
      return;
    }
    sourceEditors.close(slug);
    onClose();
    showUndo({
      message: `${source.name} was removed; its events stay`,
      undo: async () => {
        await call('sources.create', { ...sourceInputOf(sourceDraftOf(source), undefined), enabled: source.enabled });
        navigate(paths.source(slug));
      },
    });
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
          { value: 'settings' as const, label: isDirty ? 'Settings •' : 'Settings' },
          { value: 'deliveries' as const, label: 'Deliveries' },
          { value: 'test' as const, label: 'Send a test' },
        ]),
  ];

  return (
    <DefinitionPane label={`Source ${slug}`}>
      <PaneHead
        lamp={<Lamp tone={health.tone} lit={health.lit} label={health.label} />}
        title={source.name}
        slug={slug}
        badges={
          <>
            {!source.enabled && <ToneBadge tone="grey">disabled</ToneBadge>}
            <OwnerBadge owner={source.owner} />
          </>
        }
        actions={
          !readOnly && (
            <>
              <Button variant="default" loading={setEnabled.busy} onClick={() => void setEnabled.run(!source.enabled)}>
                {source.enabled ? 'Disable' : 'Enable'}
              </Button>
              <Menu position="bottom-end">
                <Menu.Target>
                  <ActionIcon aria-label="More">
                    <IconDots size={16} stroke={1.6} />
                  </ActionIcon>
                </Menu.Target>
                <Menu.Dropdown>
                  <Menu.Item
                    leftSection={<IconTrash size={14} stroke={1.6} />}
                    disabled={remove.busy}
                    onClick={() => void remove.run()}
                  >
                    Remove
                  </Menu.Item>
                </Menu.Dropdown>
              </Menu>
            </>
          )
        }
        onClose={onClose}
      />
      <OwnedNote owner={source.owner} what="source" />
      {source.problem !== null && <PaneNote tone="red">{source.problem}</PaneNote>}
      {isInUse && (
        <PaneNote tone="amber">
          {users.length === 0 ? (
            'In use: a listener still refers to it. Deleted listeners count too, because they can be restored.'
          ) : (
            <>
              It cannot be removed while {users.length === 1 ? 'a listener takes' : `${users.length} listeners take`}{' '}
              its events:{' '}
              {users.map((listener, index) => (
                <span key={listener.slug}>
                  {index > 0 && ', '}
                  <a href={hrefOf(paths.listener(listener.slug))}>{listener.name}</a>
                </span>
              ))}
              . Change or delete them first.
            </>
          )}
        </PaneNote>
      )}
      {editing?.newer !== null && editing?.newer !== undefined && (
        <ConflictNote
          what="source"
          mine={stringifyExact(sourceInputOf(editing.draft, editedPreset), 2)}
          theirs={stringifyExact(sourceInputOf(editing.newer.draft, preset), 2)}
          version={editing.newer.version}
          onTakeTheirs={() => sourceEditors.takeNewer(slug)}
          onKeepMine={() => sourceEditors.keepMine(slug)}
        />
      )}
      <SegmentTabs id="source" label="Source" keys tabs={tabs} value={tab} onChange={(value: Tab) => setTab(value)} />
      <div id="source-panel" role="tabpanel" aria-labelledby={`source-tab-${tab}`} className={classes.panel}>
        {tab === 'overview' && (
          <SourceOverview
            source={source}
            preset={preset}
            presets={readOnly ? [] : presets}
            onSwitch={switchTo}
            onTest={() => setTab('test')}
          />
        )}
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
          <SourceDeliveries source={source} presets={readOnly ? [] : presets} onSwitch={switchTo} />
        )}
        {tab === 'test' && preset !== undefined && <SourceTest source={source} preset={preset} hasUnsaved={isDirty} />}
      </div>
    </DefinitionPane>
  );
}
