import { Button } from '@mantine/core';
import type { PresetInfo } from '../../../shared/contract/sources.ts';
import { DefinitionPane, PaneBody, PaneHead } from '../../domain/definition/definition-pane.tsx';
import type { CallState } from '../../model/calls/use-call.ts';
import { newKey } from '../../model/definitions/definition-editor.ts';
import { ErrorState } from '../../ui/feedback/error-state.tsx';
import { LoadingRows } from '../../ui/tables/loading-rows.tsx';
import { SourceEditor } from './edit/source-editor.tsx';
import { emptySource, sourceEditors } from './model/source-draft.ts';
import { PresetCards } from './presets/preset-cards.tsx';

interface NewSourcePaneProps {
  presets: CallState<{ items: PresetInfo[] }>;
  onClose: () => void;
}

/** First who sends, then the rest. */
export function NewSourcePane({ presets, onClose }: NewSourcePaneProps) {
  const editing = sourceEditors.use(newKey);
  const preset = presets.value?.items.find((one) => one.id === editing?.draft.preset);
  return (
    <DefinitionPane label="New source">
      <PaneHead
        title={preset === undefined ? 'New source' : `New source: ${preset.label}`}
        actions={
          preset !== undefined && (
            <Button variant="subtle" color="gray" onClick={() => sourceEditors.close(newKey)}>
              Another preset
            </Button>
          )
        }
        onClose={onClose}
      />
      {presets.error !== null && presets.value === undefined ? (
        <ErrorState error={presets.error} title="The presets could not be loaded" onRetry={presets.reload} />
      ) : presets.value === undefined ? (
        <LoadingRows rows={4} />
      ) : editing === undefined || preset === undefined ? (
        <PaneBody>
          <PresetCards
            presets={presets.value.items}
            onChoose={(one) => sourceEditors.begin(newKey, emptySource(one), null)}
          />
        </PaneBody>
      ) : (
        <SourceEditor key={preset.id} source={null} preset={preset} editing={editing} readOnly={false} />
      )}
    </DefinitionPane>
  );
}
