import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { maxReadFileBytes, type RunFile } from '../../shared/contract/run-files.ts';
import { downloadRunFile } from '../stores/run-files.ts';
import { useAction, useCall } from '../stores/use-call.ts';
import { formatBytes } from './format.ts';
import { InlineError } from './inline-error.tsx';
import classes from './run-files.module.css';

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
    <section aria-label={title}>
      <h3 className={classes.title}>{title}</h3>
      <ul className={classes.files}>
        {items.map((file) => (
          <FileRow key={file.name} runId={runId} file={file} />
        ))}
      </ul>
    </section>
  );
}

function FileRow({ runId, file }: { runId: string; file: RunFile }) {
  const download = useAction(() => downloadRunFile(runId, file.name));
  const isTooLarge = file.sizeBytes > maxReadFileBytes;
  return (
    <li className={classes.file}>
      <code className={classes.name}>{file.name}</code>
      <span className={classes.size}>{formatBytes(file.sizeBytes)}</span>
      {isTooLarge ? (
        <span className={classes.size}>too large to fetch: it is in the data directory</span>
      ) : (
        <Button
          variant="default"
          size="compact-xs"
          leftSection={<IconDownload size={13} stroke={1.6} />}
          aria-label={`Download ${file.name}`}
          loading={download.busy}
          onClick={() => void download.run()}
        >
          Download
        </Button>
      )}
      <InlineError error={download.error} />
    </li>
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
