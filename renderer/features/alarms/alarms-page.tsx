import { IconBell } from '@tabler/icons-react';
import { useEffect } from 'react';
import { PermittedLink } from '../../domain/access/permitted-link.tsx';
import { DefinitionPage } from '../../domain/definition/definition-page.tsx';
import { DefinitionPane, PaneHead } from '../../domain/definition/definition-pane.tsx';
import type { PageProps } from '../../model/app/feature.ts';
import { navigate } from '../../model/app/navigation.ts';
import { hrefOf, paths } from '../../model/app/paths.ts';
import { useCatalog } from '../../model/definitions/catalog.ts';
import { newKey } from '../../model/definitions/definition-editor.ts';
import { EmptyState } from '../../ui/feedback/empty-state.tsx';
import { AlarmEditor } from './alarm-editor.tsx';
import { AlarmPane } from './alarm-pane.tsx';
import { AlarmRow, columns, headings } from './alarm-row.tsx';
import { alarmEditors, emptyAlarm } from './model/alarm-draft.ts';
import { filterAlarms } from './model/describe-alarm.ts';

export function AlarmsPage({ params }: PageProps) {
  const openSlug = params.slug ?? null;
  const alarms = useCatalog((state) => state.alarms);
  const dirty = new Set(alarmEditors.useDirtyKeys().split(' '));
  const close = (): void => navigate(paths.alarms());
  return (
    <DefinitionPage
      id="alarms"
      title="Alarms"
      what="alarm"
      paths={{ all: paths.alarms(), create: paths.newAlarm(), one: paths.alarm }}
      openSlug={openSlug}
      items={alarms}
      search={filterAlarms}
      columns={columns}
      headings={headings}
      renderRow={(alarm, narrow) => <AlarmRow alarm={alarm} narrow={narrow} isDirty={dirty.has(alarm.slug)} />}
      notFound={<EmptyState title="No matching alarms">Searches names and conditions.</EmptyState>}
      empty={
        <EmptyState
          icon={IconBell}
          title="No alarms yet"
          action={
            <PermittedLink needs="define" href={hrefOf(paths.newAlarm())}>
              New alarm
            </PermittedLink>
          }
        >
          An alarm watches sources, runs or the disk, and notifies you by desktop notification, webhook or e-mail.
        </EmptyState>
      }
      newPane={<NewAlarmPane key={newKey} onClose={close} />}
      openPane={openSlug !== null && <AlarmPane key={openSlug} slug={openSlug} onClose={close} />}
    />
  );
}

function NewAlarmPane({ onClose }: { onClose: () => void }) {
  const editing = alarmEditors.use(newKey);
  useEffect(() => {
    if (alarmEditors.get(newKey) === undefined) alarmEditors.begin(newKey, emptyAlarm(), null);
  }, []);
  return (
    <DefinitionPane label="New alarm">
      <PaneHead title="New alarm" onClose={onClose} />
      {editing !== undefined && <AlarmEditor alarm={null} editing={editing} readOnly={false} />}
    </DefinitionPane>
  );
}
