import { ActionIcon, Menu } from '@mantine/core';
import {
  IconBroadcast,
  IconCopy,
  IconDots,
  IconGitCompare,
  IconLink,
  IconListTree,
  IconPencil,
  IconRepeat,
  IconTag,
  IconTerminal2,
  IconX,
} from '@tabler/icons-react';
import { useState } from 'react';
import type { EventItem } from '../../../../shared/contract/events.ts';
import { stringifyExact } from '../../../../shared/exact-json/stringify-exact.ts';
import { eventAsCurl } from '../../../../shared/exports/as-curl.ts';
import { copyText } from '../../../browser/copy-text.ts';
import { call } from '../../../client/index.ts';
import { PermittedButton } from '../../../domain/access/permitted-button.tsx';
import { PermittedMenuItem } from '../../../domain/access/permitted-menu-item.tsx';
import { DeliveryNotes } from '../../../domain/event/delivery-notes.tsx';
import { UnreadableNote } from '../../../domain/event/unreadable-note.tsx';
import { useAction } from '../../../errors/use-action.ts';
import { useShortcuts } from '../../../keyboard/shortcuts.ts';
import { useCommands } from '../../../model/app/commands.ts';
import { navigate } from '../../../model/app/navigation.ts';
import { linkTo } from '../../../model/app/page-link.ts';
import { hrefOf, paths } from '../../../model/app/paths.ts';
import { useStatus } from '../../../model/app/status.ts';
import { useCall } from '../../../model/calls/use-call.ts';
import { ErrorState } from '../../../ui/feedback/error-state.tsx';
import { InlineError } from '../../../ui/feedback/inline-error.tsx';
import { showDone, showFailure } from '../../../ui/feedback/toasts.tsx';
import { SegmentTabs } from '../../../ui/layout/segment-tabs.tsx';
import { LoadingRows } from '../../../ui/tables/loading-rows.tsx';
import { VisibleText } from '../../../ui/text/visible-text.tsx';
import classes from '../live.module.css';
import { keepReplayDraft, useReplayDraft } from '../model/replay-drafts.ts';
import { ReplayEditor } from '../replay/replay-editor.tsx';
import { AnswerTab } from './answer-tab.tsx';
import { HeadersTab, RawTab } from './delivery-tabs.tsx';
import { EventFacts } from './event-facts.tsx';
import { LineageTab } from './lineage-tab.tsx';
import { PayloadTab } from './payload-tab.tsx';
import { RunListenerMenu } from './run-listener-menu.tsx';
import { RunsTab } from './runs-tab.tsx';
import { TypeNote } from './type-note.tsx';
import { WhyTab } from './why-tab.tsx';

const tabNames = ['payload', 'answer', 'headers', 'raw', 'runs', 'why', 'lineage'] as const;
type Tab = (typeof tabNames)[number];
/** The tab stays while one walks through the events. */
let lastTab: Tab = 'payload';

interface EventPaneProps {
  id: string;
  /** The row, for what is known before the detail is there. */
  item: EventItem | undefined;
  /** Other events are selected in the list: the key to replay is for them. */
  hasSelection: boolean;
  /** A tab to open at, from the address. */
  tab: string | null;
  onClose: () => void;
}

export function EventPane({ id, item, hasSelection, tab: given, onClose }: EventPaneProps) {
  const detail = useCall('events.get', { id });
  const [tab, setTab] = useState<Tab>(tabNames.find((name) => name === given) ?? lastTab);
  const isEditing = useReplayDraft(id) !== undefined;
  /** System and type that are being described, so that the form does not go over to another type. */
  const [describing, setDescribing] = useState<string | null>(null);
  const receiverUrl = useStatus((state) => state.status?.receiver.url);
  // The row follows the pushes: of the two it has the newer states of the runs.
  const event =
    detail.value === undefined ? item : item === undefined ? detail.value : { ...detail.value, runs: item.runs };
  const deliveryId = event?.deliveryId ?? null;

  const replay = useAction(async () => {
    const { items } = await call('events.replay', { ids: [id] });
    const made = items[0];
    showDone(
      <span>
        Replayed
        {made !== undefined && (
          <>
            {' '}
            · <a href={hrefOf(paths.event(made.id))}>Open event</a>
          </>
        )}
      </span>,
    );
    detail.reload();
  });
  const copy = async (what: string, read: () => Promise<string>): Promise<void> => {
    try {
      await copyText(await read());
      showDone(`${what} copied`);
    } catch (error) {
      showFailure(error, 'Copy failed');
    }
  };
  const copyCurl = (): void => {
    if (deliveryId === null) return;
    void copy('curl command', async () => eventAsCurl(await call('deliveries.get', { id: deliveryId }), receiverUrl));
  };
  const link = linkTo(paths.event(id));
  const copyId = (): void => void copy('ID', async () => id);
  const makeListener = (): void => navigate(paths.newListener({ event: id }));
  const edit = (): void => {
    if (detail.value !== undefined)
      keepReplayDraft(id, { text: stringifyExact(detail.value.payload, 2), listeners: [] });
  };
  const pick = (next: Tab): void => {
    lastTab = next;
    setTab(next);
  };

  useShortcuts(
    'Event',
    [
      // While the payload is edited, one button alone sends: what is in the editor.
      {
        keys: 'r',
        label: 'Replay',
        needs: 'operate',
        run: () => void replay.run(),
        enabled: !isEditing && !hasSelection && !replay.busy,
      },
      {
        keys: 'e',
        label: 'Replay with an edited payload',
        needs: 'define',
        run: edit,
        enabled: !isEditing && detail.value !== undefined,
      },
      { keys: 'c', label: 'Copy as curl', run: copyCurl, enabled: deliveryId !== null },
      { keys: 'y', label: 'Copy ID', run: copyId },
      { keys: 'n', label: 'Create listener from event', needs: 'define', run: makeListener },
    ],
    'pane',
  );
  useCommands([
    ...(isEditing
      ? []
      : [
          {
            id: 'event.replay',
            label: 'Replay this event',
            group: 'Event',
            needs: 'operate' as const,
            ...(hasSelection ? {} : { keys: 'r' }),
            run: () => void replay.run(),
          },
          {
            id: 'event.edit',
            label: 'Replay this event with an edited payload',
            group: 'Event',
            keys: 'e',
            needs: 'define' as const,
            run: edit,
          },
        ]),
    {
      id: 'event.listener',
      label: 'Create listener from event',
      group: 'Event',
      keys: 'n',
      needs: 'define',
      run: makeListener,
    },
    { id: 'event.id', label: 'Copy event ID', group: 'Event', keys: 'y', run: copyId },
  ]);

  if (event === undefined) {
    return (
      <div className={classes.pane}>
        {detail.error === null ? (
          <LoadingRows rows={10} />
        ) : (
          <ErrorState
            title={detail.error.code === 'not_found' ? 'Event not found' : 'The event could not be loaded'}
            error={detail.error}
            onRetry={detail.reload}
          />
        )}
      </div>
    );
  }

  const typeKey = `${event.system}\n${event.type}`;
  const answer = detail.value?.answer ?? null;
  const shownTab = tab === 'answer' && answer === null ? 'payload' : tab;
  const lineage = detail.value?.lineage;
  const related =
    lineage === undefined
      ? undefined
      : lineage.replays.length + lineage.causes.length + (lineage.replayOf ? 1 : 0) + (lineage.causedBy ? 1 : 0);
  return (
    <div className={classes.pane}>
      <header className={classes.paneHead}>
        <h2 className={classes.paneTitle} title={event.type}>
          <VisibleText text={event.type} />
        </h2>
        {!isEditing && (
          <>
            <PermittedButton
              needs="operate"
              variant="default"
              leftSection={<IconRepeat size={14} stroke={1.6} />}
              loading={replay.busy}
              title={`Replay through current listeners${hasSelection ? '' : ' (R)'}`}
              onClick={() => void replay.run()}
            >
              Replay
            </PermittedButton>
            <PermittedButton
              needs="define"
              variant="default"
              leftSection={<IconPencil size={14} stroke={1.6} />}
              disabled={detail.value === undefined}
              title="Replay with an edited payload (E)"
              onClick={edit}
            >
              Edit
            </PermittedButton>
          </>
        )}
        <Menu position="bottom-end" width={240}>
          <Menu.Target>
            <ActionIcon aria-label="More actions">
              <IconDots size={16} stroke={1.6} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <PermittedMenuItem
              needs="define"
              leftSection={<IconBroadcast size={14} stroke={1.6} />}
              onClick={makeListener}
            >
              Create listener from event
            </PermittedMenuItem>
            <Menu.Item
              leftSection={<IconTerminal2 size={14} stroke={1.6} />}
              disabled={deliveryId === null}
              onClick={copyCurl}
            >
              Copy as curl
            </Menu.Item>
            <Menu.Item leftSection={<IconCopy size={14} stroke={1.6} />} onClick={copyId}>
              Copy ID
            </Menu.Item>
            {link !== null && (
              <Menu.Item
                leftSection={<IconLink size={14} stroke={1.6} />}
                onClick={() => void copy('Link', async () => link)}
              >
                Copy link
              </Menu.Item>
            )}
            {event.replayOf !== null && (
              <Menu.Item
                leftSection={<IconGitCompare size={14} stroke={1.6} />}
                component="a"
                href={hrefOf(paths.compare(event.replayOf, id))}
              >
                Compare with the original
              </Menu.Item>
            )}
            <Menu.Item
              leftSection={<IconListTree size={14} stroke={1.6} />}
              component="a"
              href={hrefOf(paths.schema(event.source, event.type))}
            >
              Schema of this type
            </Menu.Item>
            <PermittedMenuItem
              needs="define"
              leftSection={<IconTag size={14} stroke={1.6} />}
              onClick={() => setDescribing(typeKey)}
            >
              Describe this type
            </PermittedMenuItem>
          </Menu.Dropdown>
        </Menu>
        <ActionIcon aria-label="Close" title="Close (Esc)" onClick={onClose}>
          <IconX size={16} stroke={1.6} />
        </ActionIcon>
      </header>
      <TypeNote
        key={typeKey}
        event={event}
        isDescribing={describing === typeKey}
        onDescribing={(isOpen) => setDescribing(isOpen ? typeKey : null)}
      />
      <EventFacts event={event} />
      {event.ignored && !isEditing && (
        <div className={classes.takeLine}>
          <span className={classes.key}>No listener matched.</span>
          <RunListenerMenu ids={[id]} onRun={detail.reload} />
        </div>
      )}
      {(replay.error !== null || (detail.error !== null && detail.value === undefined)) && (
        <div className={classes.paneError}>
          <InlineError error={replay.error ?? detail.error} />
        </div>
      )}
      {isEditing && detail.value !== undefined ? (
        <ReplayEditor event={detail.value} onDone={detail.reload} />
      ) : (
        <>
          <SegmentTabs<Tab>
            id="event"
            label="Event tabs"
            keys
            value={shownTab}
            onChange={pick}
            tabs={[
              { value: 'payload', label: 'Payload' },
              ...(answer === null ? [] : [{ value: 'answer' as const, label: 'Answer' }]),
              { value: 'headers', label: 'Headers' },
              { value: 'raw', label: 'Raw' },
              { value: 'runs', label: 'Runs', count: event.runs.length },
              { value: 'why', label: 'Why' },
              { value: 'lineage', label: 'Lineage', count: related },
            ]}
          />
          <div id="event-panel" role="tabpanel" className={classes.panel} data-fill={shownTab === 'payload'}>
            {shownTab === 'payload' && <PayloadTab event={event} detail={detail.value} />}
            {shownTab === 'answer' && answer !== null && <AnswerTab answer={answer} receivedAt={event.receivedAt} />}
            {tab === 'headers' && <HeadersTab deliveryId={deliveryId} />}
            {tab === 'raw' && <RawTab deliveryId={deliveryId} />}
            {tab === 'runs' && <RunsTab event={event} gathering={detail.value?.gathering} />}
            {tab === 'why' && <WhyTab eventId={id} />}
            {tab === 'lineage' && <LineageTab detail={detail.value} error={detail.error} />}
          </div>
        </>
      )}
      <DeliveryNotes notes={detail.value?.delivery?.notes} />
      <UnreadableNote parts={detail.value?.unreadable} />
    </div>
  );
}
