import { useMemo, useState } from 'react';
import type { PresetInfo } from '../../../../shared/contract/sources.ts';
import { EmptyState } from '../../../ui/feedback/empty-state.tsx';
import { FilterField } from '../../../ui/forms/filter-field.tsx';
import { groupPresets, leadOf } from '../model/preset-groups.ts';
import classes from '../sources.module.css';

interface PresetCardsProps {
  presets: readonly PresetInfo[];
  onChoose: (preset: PresetInfo) => void;
}

/** Who sends: the systems first, then what many of them have in common. */
export function PresetCards({ presets, onChoose }: PresetCardsProps) {
  const [filter, setFilter] = useState('');
  const groups = useMemo(() => groupPresets(presets, filter), [presets, filter]);
  /** Enter takes what is left of a search; without one there is nothing to take. */
  const chooseFirst = (): void => {
    const first = groups[0]?.presets[0];
    if (filter.trim() !== '' && first !== undefined) onChoose(first);
  };
  return (
    <>
      <div className={classes.cardsHead}>
        <p className={classes.lead}>Choose the sender. The preset reads and verifies its deliveries.</p>
        <FilterField value={filter} onChange={setFilter} label="Find a preset" autoFocus onEnter={chooseFirst} />
      </div>
      {groups.map((group) => (
        <section key={group.title} aria-label={group.title}>
          <h3 className={classes.cardsTitle}>{group.title}</h3>
          <div className={classes.cards}>
            {group.presets.map((preset) => (
              <button key={preset.id} type="button" className={classes.card} onClick={() => onChoose(preset)}>
                <span className={classes.cardTitle}>{preset.label}</span>
                <span className={classes.cardText}>{leadOf(preset.description)}</span>
              </button>
            ))}
          </div>
        </section>
      ))}
      {groups.length === 0 && (
        <EmptyState title="No matching presets">A generic webhook accepts deliveries from any system.</EmptyState>
      )}
    </>
  );
}
