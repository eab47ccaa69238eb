import type { PresetInfo, Source } from '../../../../shared/contract/sources.ts';
import { call } from '../../../client/index.ts';
import { useAction } from '../../../errors/use-action.ts';
import { showDone, showFailure, showUndo } from '../../../ui/feedback/toasts.tsx';
import { missingSettings, switchPreset } from '../model/preset-switch.ts';
import { sourceDraftOf, sourceEditors, sourceInputOf } from '../model/source-draft.ts';

/**
 * Has another preset read the source's deliveries, at the same address. Where the other one wants a setting that the
 * source lacks, such as a secret, nothing is saved yet: `onIncomplete` shows the settings with the switch in them.
 */
export function useSwitchPreset(
  source: Source,
  presets: readonly PresetInfo[],
  onChanged: (source: Source) => void,
  onIncomplete: () => void,
): (to: PresetInfo) => void {
  const { slug, enabled } = source;
  const from = presets.find((preset) => preset.id === source.preset);

  const save = useAction(async (to: PresetInfo) => {
    const before = sourceDraftOf(source);
    const after = switchPreset(before, from, to);
    const [missing] = missingSettings(after, to);
    if (missing !== undefined) {
      sourceEditors.change(slug, () => after);
      onIncomplete();
      showDone(`${to.label} needs “${missing.label}”: fill it in and save`);
      return;
    }
    try {
      const saved = await call('sources.update', { ...sourceInputOf(after, to), enabled, version: source.version });
      sourceEditors.begin(slug, sourceDraftOf(saved), saved.version);
      onChanged(saved);
      showUndo({
        message: `${source.name} now uses the preset ${to.label}`,
        undo: async () => {
          const now = await call('sources.get', { slug });
          await call('sources.update', { ...sourceInputOf(before, from), enabled: now.enabled, version: now.version });
        },
      });
    } catch (error) {
      showFailure(error, `${source.name} could not be switched to ${to.label}`);
    }
  });
  return (to) => void save.run(to);
}
