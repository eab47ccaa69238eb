import { useEffect } from 'react';
import { DefinitionPane, PaneHead } from '../../domain/definition/definition-pane.tsx';
import { newKey } from '../../model/definitions/definition-editor.ts';
import { JobEditor } from './form/job-editor.tsx';
import { emptyJob, jobEditors } from './model/job-draft.ts';

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
