import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { maxReadFileBytes } from '../../../shared/contract/run-files.ts';
import { useAction } from '../../errors/use-action.ts';
import { useCall } from '../../model/calls/use-call.ts';
import { downloadRunFile } from '../../model/runs/download-run-file.ts';
import { InlineError } from '../../ui/feedback/inline-error.tsx';
import { FileList, FileRow } from '../../ui/tables/file-list.tsx';
import { formatBytes } from '../../ui/text/format.ts';

interface RunFilesProps {
  runId: string;
  /** Only these, where the outcome names some. */
  names?: readonly string[];
  title?: string;
}

/** What the run has left in its folder; nothing at all where it has left nothing. */
export function RunFiles({ runId, names = [], title = 'Files' }: RunFilesProps) {
  const got = useCall('runs.files', { id: runId }, { reloadOn: ['runs.changed'] });
  const items = (got.value?.items ?? []).filter((file) => names.length === 0 || names.includes(file.name));
  if (items.length === 0) return <InlineError error={got.error} />;
  return (
    <FileList title={title}>
      {items.map(({ name, sizeBytes }) => (
        <FileRow
          key={name}
          name={name}
          detail={formatBytes(sizeBytes)}
          unavailable={sizeBytes > maxReadFileBytes ? 'too large to download; see the data directory' : undefined}
          onDownload={() => downloadRunFile(runId, name)}
        />
      ))}
    </FileList>
  );
}

/** The one file that an outcome offers, as its button. */
export function RunFileButton({ runId, name, label }: { runId: string; name: string; label: string }) {
  const download = useAction(() => downloadRunFile(runId, name));
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconDownload size={14} stroke={1.6} />}
        loading={download.busy}
        onClick={() => void download.run()}
      >
        {label}
      </Button>
      <InlineError error={download.error} />
    </>
  );
}
