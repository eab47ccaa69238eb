import { useEffect, useState } from 'react';
import type { Alarm } from '../../../shared/contract/alarms.ts';
import { call } from '../../client/index.ts';
import { PermittedButton } from '../../domain/access/permitted-button.tsx';
import { ConflictNote } from '../../domain/definition/conflict-note.tsx';
import { DefinitionDetail } from '../../domain/definition/definition-detail.tsx';
import { DefinitionLoading, useIsReadOnly } from '../../domain/definition/definition-pane.tsx';
import { RemoveMenu } from '../../domain/definition/remove-menu.tsx';
import { useRemoval } from '../../domain/definition/use-removal.ts';
import { useAction } from '../../errors/use-action.ts';
import { navigate } from '../../model/app/navigation.ts';
import { paths } from '../../model/app/paths.ts';
import { useCall } from '../../model/calls/use-call.ts';
import { showFailure, showUndo } from '../../ui/feedback/toasts.tsx';
import { ToneBadge } from '../../ui/feedback/tone-badge.tsx';
import { LoadingRows } from '../../ui/tables/loading-rows.tsx';
import { AlarmEditor } from './alarm-editor.tsx';
import { AlarmIncidents } from './alarm-incidents.tsx';
import { AlarmVersions } from './alarm-versions.tsx';
import { alarmDraftOf, alarmEditors, alarmInputOf } from './model/alarm-draft.ts';
import { alarmLampOf } from './model/describe-alarm.ts';

export function AlarmPane({ slug, onClose }: { slug: string; onClose: () => void }) {
  const got = useCall('alarms.get', { slug }, { reloadOn: ['alarms.changed'] });
  const alarm = got.value;
  useEffect(() => {
    if (alarm !== undefined) alarmEditors.receive(slug, alarmDraftOf(alarm), alarm.version);
  }, [slug, alarm]);
  if (alarm === undefined) {
    return <DefinitionLoading what="alarm" slug={slug} error={got.error} onRetry={got.reload} onClose={onClose} />;
  }
  return <Loaded alarm={alarm} onClose={onClose} onChanged={got.setValue} />;
}

type Tab = 'definition' | 'history' | 'versions';

interface LoadedProps {
  alarm: Alarm;
  onClose: () => void;
  onChanged: (alarm: Alarm) => void;
}

function Loaded({ alarm, onClose, onChanged }: LoadedProps) {
  const { slug, enabled } = alarm;
  const [tab, setTab] = useState<Tab>('definition');
  const editing = alarmEditors.use(slug);
  const readOnly = useIsReadOnly(alarm.owner);

  const toggle = useAction(async () => {
    try {
      onChanged(await call('alarms.setEnabled', { slug, enabled: !enabled }));
    } catch (error) {
      showFailure(error, `${alarm.name} could not be ${enabled ? 'disabled' : 'enabled'}`);
      return;
    }
    showUndo({
      message: `${alarm.name} is ${enabled ? 'disabled' : 'enabled'}`,
      undo: () => call('alarms.setEnabled', { slug, enabled }),
    });
  });
  const removal = useRemoval({
    name: alarm.name,
    done: `${alarm.name} was deleted`,
    remove: () => call('alarms.remove', { slug }),
    onRemoved: () => {
      alarmEditors.close(slug);
      onClose();
    },
    restore: async () => {
      await call('alarms.create', { ...alarmInputOf(alarmDraftOf(alarm)), ...(enabled ? {} : { enabled }) });
      navigate(paths.alarm(slug));
    },
  });

  return (
    <DefinitionDetail
      what="alarm"
      definition={alarm}
      lamp={alarmLampOf(alarm)}
      stateBadges={
        <>
          {!enabled && <ToneBadge tone="grey">disabled</ToneBadge>}
          {alarm.raised > 0 && <ToneBadge tone="red">raised</ToneBadge>}
        </>
      }
      actions={
        !readOnly && (
          <>
            <PermittedButton needs="define" variant="default" loading={toggle.busy} onClick={() => void toggle.run()}>
              {enabled ? 'Disable' : 'Enable'}
            </PermittedButton>
            <RemoveMenu label="Delete" busy={removal.busy} onRemove={removal.run} />
          </>
        )
      }
      notes={<ConflictNote what="alarm" slug={slug} editors={alarmEditors} editing={editing} inputOf={alarmInputOf} />}
      tabs={[
        { value: 'definition', label: 'Definition' },
        { value: 'history', label: 'History' },
        { value: 'versions', label: 'Versions', count: alarm.version > 1 ? alarm.version : undefined },
      ]}
      tab={tab}
      onTab={setTab}
      onClose={onClose}
    >
      {tab === 'history' ? (
        <AlarmIncidents slug={slug} />
      ) : tab === 'versions' ? (
        <AlarmVersions slug={slug} />
      ) : editing === undefined ? (
        <LoadingRows rows={8} />
      ) : (
        <AlarmEditor alarm={alarm} editing={editing} readOnly={readOnly} onSaved={onChanged} />
      )}
    </DefinitionDetail>
  );
}
