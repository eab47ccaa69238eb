import { Button } from '@mantine/core';
import type { DeliveryDetail } from '../../../../shared/contract/deliveries.ts';
import type { PresetInfo, Source } from '../../../../shared/contract/sources.ts';
import { call } from '../../../client/index.ts';
import { useCall, useRows } from '../../../model/calls/use-call.ts';
import { recognisePreset } from '../model/recognise-sender.ts';
import classes from '../sources.module.css';

interface SwitchProps {
  /** Those the source may be switched to. */
  presets: readonly PresetInfo[];
  onSwitch: (preset: PresetInfo) => void;
}

/** What a generic source was sent looks like a known system: offers to read it as that. */
export function PresetSuggestion({ delivery, presets, onSwitch }: SwitchProps & { delivery: DeliveryDetail }) {
  const recognised = recognisePreset(delivery);
  const other = recognised === null ? undefined : presets.find((preset) => preset.id === recognised.preset);
  if (recognised === null || other === undefined) return null;
  return (
    <div className={classes.looksLike} role="note">
      <span>
        This looks like {other.label}: {recognised.because}.
      </span>
      <Button variant="default" onClick={() => onSwitch(other)}>
        Switch to {other.label}
      </Button>
    </div>
  );
}

/** The same for the latest delivery of a source, whether it was taken or not. */
export function LatestPresetSuggestion({ source, ...rest }: SwitchProps & { source: Source }) {
  const { slug } = source;
  const list = useRows(`deliveries of ${slug}`, (page) => call('deliveries.list', { source: slug, ...page }), 1, {
    reloadOn: ['deliveries.added'],
  });
  const latest = list.value?.[0]?.id;
  const got = useCall('deliveries.get', latest === undefined ? null : { id: latest }, { keep: true });
  return got.value === undefined ? null : <PresetSuggestion delivery={got.value} {...rest} />;
}
