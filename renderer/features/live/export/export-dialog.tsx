import { Button, Modal, Radio } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { type ExportFormat, exportFormats } from '../../../../shared/contract/event-exports.ts';
import type { Column } from '../../../../shared/contract/views.ts';
import { toAppError } from '../../../errors/app-error.ts';
import { useShortcuts } from '../../../keyboard/shortcuts.ts';
import { InlineError } from '../../../ui/feedback/inline-error.tsx';
import { showDone } from '../../../ui/feedback/toasts.tsx';
import { formatBytes, formatCount } from '../../../ui/text/format.ts';
import { Kbd } from '../../../ui/text/kbd.tsx';
import classes from './export.module.css';
import { type Exported, exportEvents, formats } from './export-events.ts';

interface ExportDialogProps {
  /** Null: closed. */
  what: Exported | null;
  columns: readonly Column[];
  onClose: () => void;
}

/** The format stays for the next export. */
let lastFormat: ExportFormat = 'jsonl';

const eventsText = (count: number): string => (count === 1 ? '1 event' : `${formatCount(count)} events`);

/** Exports events to a file, with progress; closing it cancels. */
export function ExportDialog({ what, columns, onClose }: ExportDialogProps) {
  const [format, setFormat] = useState(lastFormat);
  const [progress, setProgress] = useState<{ events: number; bytes: number } | null>(null);
  const [error, setError] = useState<ReturnType<typeof toAppError> | null>(null);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  const close = (): void => {
    running.current?.abort();
    running.current = null;
    setProgress(null);
    setError(null);
    onClose();
  };
  const start = async (): Promise<void> => {
    if (what === null || running.current !== null) return;
    lastFormat = format;
    const controller = new AbortController();
    running.current = controller;
    setError(null);
    setProgress({ events: 0, bytes: 0 });
    try {
      const done = await exportEvents(
        what,
        { format, columns },
        { signal: controller.signal, onProgress: setProgress },
      );
      showDone(
        `Exported ${eventsText(done.events)}${done.skipped === 0 ? '' : `; ${eventsText(done.skipped)} without a stored request left out`}`,
      );
      close();
    } catch (problem) {
      // Canceled: the dialog is closed.
      if (controller.signal.aborted) return;
      running.current = null;
      setProgress(null);
      setError(toAppError(problem));
    }
  };
  useShortcuts(
    'Export',
    [
      {
        keys: 'mod+enter',
        label: 'Export',
        run: () => void start(),
        enabled: what !== null,
        inDialogs: true,
        inInputs: true,
      },
    ],
    'form',
  );

  if (what === null) return null;
  return (
    <Modal
      opened
      onClose={close}
      title={'ids' in what ? `Export ${eventsText(what.ids.length)}` : 'Export matching events'}
      size={460}
      transitionProps={{ duration: 0 }}
      overlayProps={{ backgroundOpacity: 0.35 }}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          void start();
        }}
      >
        <Radio.Group
          aria-label="Format"
          value={format}
          onChange={(next) => setFormat(exportFormats.find((one) => one === next) ?? format)}
        >
          <div className={classes.formats}>
            {exportFormats.map((one) => (
              <Radio
                key={one}
                value={one}
                label={formats[one].name}
                description={formats[one].about}
                classNames={{ description: classes.about }}
                disabled={progress !== null}
                {...(one === format ? { 'data-autofocus': true } : {})}
              />
            ))}
          </div>
        </Radio.Group>
        <p className={classes.hint}>Secrets of requests were masked when they were stored.</p>
        <InlineError error={error} />
        <div className={classes.buttons}>
          <Button type="submit" loading={progress !== null} rightSection={<Kbd keys="mod+enter" />}>
            Export
          </Button>
          <Button variant="subtle" color="gray" onClick={close}>
            Cancel
          </Button>
          <span className={classes.progress} role="status">
            {progress !== null && `${eventsText(progress.events)}, ${formatBytes(progress.bytes)}`}
          </span>
        </div>
      </form>
    </Modal>
  );
}
