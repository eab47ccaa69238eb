import { useCallback, useMemo, useRef } from 'react';
import type { View } from '../../../../shared/contract/views.ts';
import { navigate, useRoute } from '../../../model/app/navigation.ts';
import { type LiveSearch, paths } from '../../../model/app/paths.ts';
import { setPreference, usePreferences } from '../../../model/app/preferences.ts';
import { useViews } from '../../../model/views/views.ts';
import { isUsual, type Look, lookSearch, readLook, searchOf } from './live-look.ts';

interface ShownLook {
  /** The same object until it changes: Live renders ten times a second. */
  look: Look;
  /** What of the address is about the look. */
  search: LiveSearch;
  /** The saved view in the address. */
  view: View | undefined;
  /** Changes the look of the list, beside the event that is open. The same function at each render. */
  setLook: (look: Look) => void;
}

/** How Live shows its events now. `openId`: the event that is open. */
export function useLook(openId: string | null): ShownLook {
  const route = useRoute();
  const view = useViews((state) => state.items.find(({ id }) => id === route.search.get('view')));
  const remembered = usePreferences((state) => state.liveColumns);
  const search = useMemo(() => lookSearch(route.search), [route]);
  const look = useMemo(() => readLook(search, view, remembered), [search, view, remembered]);
  const latest = useRef({ openId, route, search, view });
  latest.current = { openId, route, search, view };
  const setLook = useCallback((next: Look) => {
    const { openId: id, route: at, search: from, view: saved } = latest.current;
    // Columns outside of a view are those of the next visit too.
    if (saved === undefined) setPreference('liveColumns', isUsual(next.columns) ? null : [...next.columns]);
    const to = searchOf(next, from, saved);
    const query = (at.search.get('q') ?? '').trim();
    navigate(id === null ? paths.live(query, to) : paths.event(id, query, to), { replace: true });
  }, []);
  return { look, search, view, setLook };
}
