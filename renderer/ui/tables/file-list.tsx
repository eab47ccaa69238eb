import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useAction } from '../../errors/use-action.ts';
import { InlineError } from '../feedback/inline-error.tsx';
import classes from './file-list.module.css';

/** Files to download, each a `FileRow`. */
export function FileList({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title}>
      <h3 className={classes.title}>{title}</h3>
      <ul className={classes.files}>{children}</ul>
    </section>
  );
}

interface FileRowProps {
  name: string;
  /** Size, and where the file is from. */
  detail: string;
  /** Why it cannot be downloaded. */
  unavailable?: string | undefined;
  onDownload: () => Promise<void>;
}

export function FileRow({ name, detail, unavailable, onDownload }: FileRowProps) {
  const download = useAction(onDownload);
  return (
    <li className={classes.file}>
      <code className={classes.name}>{name}</code>
      <span className={classes.size}>{detail}</span>
      {unavailable !== undefined ? (
        <span className={classes.size}>{unavailable}</span>
      ) : (
        <Button
          variant="default"
          size="compact-xs"
          leftSection={<IconDownload size={13} stroke={1.6} />}
          aria-label={`Download ${name}`}
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
