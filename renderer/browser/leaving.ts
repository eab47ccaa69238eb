/** Asks the operator whether to call `go`, which leaves the form and discards what was typed. */
type Ask = (go: () => void) => void;

let asks: readonly Ask[] = [];

/** Until the returned function is called, leaving asks first: what was typed here is kept nowhere else. */
export function askBeforeLeaving(ask: Ask): () => void {
  asks = [...asks, ask];
  return () => {
    asks = asks.filter((one) => one !== ask);
  };
}

/** Calls `go` immediately unless a form would lose what was typed; then that form asks. */
export function leave(go: () => void): void {
  const ask = asks.at(-1);
  if (ask === undefined) go();
  else ask(go);
}

/** Links within the app ask too. */
export function guardLinks(): () => void {
  const onClick = (event: MouseEvent): void => {
    if (asks.length === 0 || !(event.target instanceof Element)) return;
    const link = event.target.closest<HTMLAnchorElement>('a[href^="#"]');
    if (link === null || event.ctrlKey || event.metaKey || event.shiftKey || link.target === '_blank') return;
    event.preventDefault();
    event.stopPropagation();
    const { hash } = link;
    leave(() => {
      window.location.hash = hash;
    });
  };
  window.addEventListener('click', onClick, { capture: true });
  return () => window.removeEventListener('click', onClick, { capture: true });
}
