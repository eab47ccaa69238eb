import { create } from 'zustand';
import { guardLinks, leave } from '../../browser/leaving.ts';
import { parseHash, type Route } from './route.ts';

const useNavigation = create<{ route: Route }>(() => ({ route: parseHash(globalThis.location?.hash ?? '') }));

/** Follows the address; called once at start. */
export function followAddress(): () => void {
  const read = (): void => useNavigation.setState({ route: parseHash(window.location.hash) });
  read();
  window.addEventListener('hashchange', read);
  const stopGuarding = guardLinks();
  return () => {
    stopGuarding();
    window.removeEventListener('hashchange', read);
  };
}

/** `replace` leaves no step in the history: for what changes while one moves about a page. */
export function navigate(path: string, options: { replace?: boolean } = {}): void {
  if (window.location.hash === `#${path}`) return;
  leave(() => {
    if (options.replace === true) {
      window.history.replaceState(null, '', `#${path}`);
      useNavigation.setState({ route: parseHash(path) });
    } else {
      window.location.hash = path;
    }
  });
}

export const useRoute = (): Route => useNavigation((state) => state.route);
