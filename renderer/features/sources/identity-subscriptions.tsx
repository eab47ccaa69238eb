import { Button, TextInput } from '@mantine/core';
import { useMemo, useState } from 'react';
import { type NextIdentityPresetId, nextIdentityPresets } from '../../../shared/catalog/next-identity-listeners.ts';
import type { Source } from '../../../shared/contract/sources.ts';
import { monoInput } from '../../components/mono-input.ts';
import { useCatalog } from '../../stores/catalog.ts';
import { newKey } from '../../stores/definition-editor.ts';
import { identityListener, latestScopes } from '../../stores/identity-subscriptions.ts';
import { listenerEditors } from '../../stores/listeners-draft.ts';
import { navigate } from '../../stores/navigation.ts';
import { paths } from '../../stores/paths.ts';
import { useRecentEvents } from '../../stores/recent-events.ts';
import { freeSlug } from '../../stores/slug.ts';
import classes from './source-setup.module.css';

/** The vendor's three kinds of subscription, each a listener at a click: only its job is left to choose. */
export function IdentitySubscriptions({ source }: { source: Source }) {
  const { items } = useRecentEvents(`source:${source.slug}`);
  const seen = useMemo(() => latestScopes(items), [items]);
  const [typed, setTyped] = useState<{ property?: string; client?: string }>({});
  const ids = { property: typed.property ?? seen.property ?? '', client: typed.client ?? seen.client ?? '' };

  const make = (preset: NextIdentityPresetId, scopeId: string): void => {
    const draft = identityListener(preset, source.slug, scopeId);
    const taken = new Set(useCatalog.getState().listeners.map((listener) => listener.slug));
    listenerEditors.begin(newKey, { ...draft, slug: freeSlug(draft.slug, taken) }, null);
    navigate(paths.newListener());
  };

  return (
    <section aria-label="Subscriptions">
      <h3 className={classes.title}>Listeners for its subscriptions</h3>
      <ul className={classes.subscriptions}>
        {nextIdentityPresets.map((preset) => {
          const id = ids[preset.scope].trim();
          return (
            <li key={preset.id}>
              <span className={classes.subscription}>{preset.label}</span>
              <TextInput
                aria-label={`${preset.scope === 'property' ? 'Property' : 'Client ID'}: ${preset.label}`}
                classNames={monoInput}
                placeholder={preset.scope === 'property' ? 'property id' : 'client id'}
                value={ids[preset.scope]}
                w={190}
                onChange={(event) => setTyped({ ...typed, [preset.scope]: event.currentTarget.value })}
              />
              <Button variant="default" disabled={id === ''} onClick={() => make(preset.id, id)}>
                Make the listener
              </Button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
