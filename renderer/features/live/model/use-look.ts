import type { View } from '../../../../shared/contract/views.ts';
import { navigate, useRoute } from '../../../model/app/navigation.ts';
import { type LiveSearch, paths } from '../../../model/app/paths.ts';
import { setPreference, usePreferences } from '../../../model/app/preferences.ts';
import { useViews } from '../../../model/views/views.ts';
import { isUsual, type Look, lookSearch, readLook, searchOf } from './live-look.ts';

interface ShownLook {
  look: Look;
  /** What of the address is about the look. */
  search: LiveSearch;
  /** The saved view in the address. */
  view: View | undefined;
  /** Changes the look, for the event that is open or for the list. */
  setLook: (look: Look, openId: string | null) => void;
}

/** How Live shows its events now. */
export function useLook(): ShownLook {
  const route = useRoute();
  const query = (route.search.get('q') ?? '').trim();
  const search = lookSearch(route.search);
  const view = useViews((state) => state.items.find(({ id }) => id === search.view));
  const remembered = usePreferences((state) => state.liveColumns);
  return {
    look: readLook(search, view, remembered),
    search,
    view,
    setLook(next, openId) {
      // Columns outside of a view are those of the next visit too.
      if (view === undefined) setPreference('liveColumns', isUsual(next.columns) ? null : [...next.columns]);
      const to = searchOf(next, search, view);
      navigate(openId === null ? paths.live(query, to) : paths.event(openId, query, to), { replace: true });
    },
  };
}
