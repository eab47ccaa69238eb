import type { PresetInfo } from '../../../../shared/contract/sources.ts';
import { vendorGroups } from '../../../../shared/vendors/vendor.ts';
import { vendors } from '../../../../shared/vendors/vendors.ts';
import { matchesWords } from '../../../model/definitions/matches-words.ts';

export interface PresetGroup {
  title: string;
  presets: readonly PresetInfo[];
}

/** Conventions that many senders share; every other preset is one vendor's. */
const conventions = new Set(['generic', 'standard-webhooks', 'cloudevents']);

/** The first sentence: what it is for. How it is set up follows once it is chosen. */
export const leadOf = (description: string): string => /^.*?\.(?=\s+\p{Lu}|$)/u.exec(description)?.[0] ?? description;

/** Every word must stand somewhere in what a card shows; groups without cards are left out. */
export function groupPresets(presets: readonly PresetInfo[], text: string): PresetGroup[] {
  const shown = presets.filter((preset) => matchesWords(text, [preset.label, preset.id, preset.description]));
  return [
    ...vendorGroups.map((title) => ({
      title,
      presets: shown.filter(({ id }) => !conventions.has(id) && (vendors.get(id)?.group ?? 'Systems') === title),
    })),
    { title: 'Conventions', presets: shown.filter((preset) => conventions.has(preset.id)) },
  ].filter((group) => group.presets.length > 0);
}
