/** Asks the operator whether to call `go`, which leaves the form and discards what was typed. */
type Ask = (go: () => void) => void;

let asks: readonly Ask[] = [];
/** The address that leaving was agreed to for. */
let agreedHash: string | null = null;

/** A browser asks in its own words, and the desktop window in those of `desktop/window`. */
const askBeforeUnload = (event: BeforeUnloadEvent): void => {
  event.preventDefault();
  // Chromium before 119 looks at this alone.
  event.returnValue = true;
};

/** Until the returned function is called, leaving asks first: what was typed here is kept nowhere else. */
export function askBeforeLeaving(ask: Ask): () => void {
  if (asks.length === 0) window.addEventListener('beforeunload', askBeforeUnload);
  asks = [...asks, ask];
  return () => {
    asks = asks.filter((one) => one !== ask);
    if (asks.length === 0) window.removeEventListener('beforeunload', askBeforeUnload);
  };
}

/** Calls `go` immediately unless a form would lose what was typed; then that form asks. */
export function leave(go: () => void): void {
  const ask = asks.at(-1);
  if (ask === undefined) go();
  else ask(go);
}

/** Shows another address within the app, unless a form would lose what was typed; then that form asks. */
export function leaveFor(hash: string): void {
  leave(() => {
    agreedHash = hash;
    window.location.hash = hash;
  });
}

/**
 * Whether the page may follow the address, which Back, Forward or the address line have changed already. If not, the one
 * on show is put back, and the form asks.
 */
export function mayFollow(shownHash: string): boolean {
  const { hash } = window.location;
  const isAgreed = asks.length === 0 || hash === shownHash || hash === agreedHash;
  agreedHash = null;
  if (isAgreed) return true;
  window.history.pushState(null, '', shownHash);
  leave(() => {
    agreedHash = hash;
    window.history.back();
  });
  return false;
}

/** Links within the app ask too. */
export function guardLinks(): () => void {
  const onClick = (event: MouseEvent): void => {
    if (asks.length === 0 || !(event.target instanceof Element)) return;
    const link = event.target.closest<HTMLAnchorElement>('a[href^="#"]');
    if (link === null || event.ctrlKey || event.metaKey || event.shiftKey || link.target === '_blank') return;
    event.preventDefault();
    event.stopPropagation();
    leaveFor(link.hash);
  };
  window.addEventListener('click', onClick, { capture: true });
  return () => window.removeEventListener('click', onClick, { capture: true });
}
