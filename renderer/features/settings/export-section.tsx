import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { saveFile } from '../../browser/save-file.ts';
import { call } from '../../client/index.ts';
import { useAction } from '../../errors/use-action.ts';
import { CodeBlock } from '../../ui/code/code-block.tsx';
import { CopyButton } from '../../ui/feedback/copy-button.tsx';
import { InlineError } from '../../ui/feedback/inline-error.tsx';
import { FormSection } from '../../ui/forms/form-layout.tsx';
import classes from './settings.module.css';

const fetchYaml = async (): Promise<string> => (await call('settings.exportConfig', {})).yaml;

export function ExportSection() {
  const [yaml, setYaml] = useState<string | null>(null);
  const show = useAction(async () => setYaml(await fetchYaml()));
  const save = useAction(async () => saveFile('signalbox.yaml', 'application/yaml', await fetchYaml()));
  return (
    <FormSection
      title="Config file"
      description="The current sources, jobs and listeners as a file for --config. Secrets appear by name only."
    >
      <div className={classes.buttons}>
        <CopyButton text={fetchYaml} label="Copy" title="Copy config file" />
        <Button
          variant="default"
          leftSection={<IconDownload size={14} stroke={1.6} />}
          loading={save.busy}
          onClick={() => void save.run()}
        >
          Download
        </Button>
        <Button
          variant="subtle"
          color="gray"
          loading={show.busy}
          onClick={() => (yaml === null ? void show.run() : setYaml(null))}
        >
          {yaml === null ? 'Show' : 'Hide'}
        </Button>
      </div>
      <InlineError error={show.error ?? save.error} />
      {yaml !== null && (
        <div className={classes.yaml}>
          <CodeBlock text={yaml} wrap={false} />
        </div>
      )}
    </FormSection>
  );
}
