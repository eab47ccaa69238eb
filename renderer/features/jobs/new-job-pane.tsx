import { useEffect } from 'react';
import { DefinitionPane, PaneHead } from '../../components/definition-pane.tsx';
import { newKey } from '../../stores/definition-editor.ts';
import { emptyJob, jobEditors } from '../../stores/jobs-draft.ts';
import { JobEditor } from './job-editor.tsx';

export function NewJobPane({ onClose }: { onClose: () => void }) {
  const editing = jobEditors.use(newKey);
  useEffect(() => {
    if (jobEditors.get(newKey) === undefined) jobEditors.begin(newKey, emptyJob(), null);
  }, []);
  return (
    <DefinitionPane label="New job">
      <PaneHead title="New job" onClose={onClose} />
      {editing !== undefined && <JobEditor job={null} editing={editing} readOnly={false} />}
    </DefinitionPane>
  );
}
