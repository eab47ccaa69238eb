import { create } from 'zustand';
import { guardLinks, leave, leaveFor, mayFollow } from '../../browser/leaving.ts';
import { parseHash, type Route } from './route.ts';

const useNavigation = create<{ route: Route }>(() => ({ route: parseHash(globalThis.location?.hash ?? '') }));

/** Follows the address; called once at start. */
export function followAddress(): () => void {
  let shown = window.location.hash;
  const read = (): void => {
    if (!mayFollow(shown)) return;
    shown = window.location.hash;
    useNavigation.setState({ route: parseHash(shown) });
  };
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
  if (options.replace !== true) {
    leaveFor(`#${path}`);
    return;
  }
  leave(() => {
    window.history.replaceState(null, '', `#${path}`);
    useNavigation.setState({ route: parseHash(path) });
  });
}

/** Replaces the address `from` by `to`. Does nothing if the address has changed since: the route lags behind it by an event. */
export function redirect(from: string, to: string): void {
  if (parseHash(window.location.hash).path === from) navigate(to, { replace: true });
}

export const useRoute = (): Route => useNavigation((state) => state.route);
