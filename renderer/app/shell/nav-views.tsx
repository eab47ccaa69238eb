import type { ViewPage } from '../../../shared/contract/views.ts';
import { useShortcuts } from '../../keyboard/shortcuts.ts';
import { useCommands } from '../../model/app/commands.ts';
import { navigate, useRoute } from '../../model/app/navigation.ts';
import { hrefOf, paths } from '../../model/app/paths.ts';
import { useViews, type ViewCount, viewsOf } from '../../model/views/views.ts';
import { formatShortCount } from '../../ui/text/format.ts';
import classes from './nav.module.css';

const countText = ({ count, isMore }: ViewCount): string => `${formatShortCount(count)}${isMore ? '+' : ''}`;

/** The saved views of a page, below its entry, with how many each finds. */
export function NavViews({ page }: { page: ViewPage }) {
  const views = viewsOf(
    useViews((state) => state.items),
    page,
  );
  const counts = useViews((state) => state.counts);
  const openId = useRoute().search.get('view');
  if (views.length === 0) return null;
  return (
    <ul className={classes.views} aria-label={page === 'live' ? 'Views of Live' : 'Views of Runs'}>
      {views.map((view) => {
        const found = counts.get(view.id);
        return (
          <li key={view.id}>
            <a
              className={classes.view}
              href={hrefOf(paths.view(view))}
              aria-current={view.id === openId ? 'true' : undefined}
              title={view.query === '' ? view.name : `${view.name}\n${view.query}`}
            >
              <span className={classes.viewName}>{view.name}</span>
              {found !== undefined && <span className={classes.viewCount}>{countText(found)}</span>}
            </a>
          </li>
        );
      })}
    </ul>
  );
}

const withKeys = 9;

/** Opens the saved views: the first nine by key, all of them from the palette. */
export function useViewShortcuts(): void {
  const views = useViews((state) => state.items);
  const keysOf = (index: number): { keys?: string } => (index < withKeys ? { keys: `g ${index + 1}` } : {});
  useShortcuts(
    'Views',
    views.slice(0, withKeys).map((view, index) => ({
      keys: `g ${index + 1}`,
      label: view.name,
      run: () => navigate(paths.view(view)),
    })),
  );
  useCommands(
    views.map((view, index) => ({
      id: `view.open.${view.id}`,
      label: view.name,
      group: 'Views',
      keywords: ['view', view.page, view.query],
      ...keysOf(index),
      run: () => navigate(paths.view(view)),
    })),
  );
}
