import { type ComponentType, lazy } from 'react';
import type { PageProps } from './feature.ts';

const loads: (() => Promise<unknown>)[] = [];

/** A page whose code is fetched when it is first shown, or when the window has nothing else to do. */
export function lazyPage<Name extends string>(
  load: () => Promise<Record<Name, ComponentType<PageProps>>>,
  name: Name,
): ComponentType<PageProps> {
  loads.push(load);
  return lazy<ComponentType<PageProps>>(async () => ({ default: (await load())[name] }));
}

/** Fetches the pages that have not been shown yet, so that going to one does not wait for its code. */
export function loadPagesWhenIdle(): void {
  const idle = globalThis.requestIdleCallback ?? ((callback: () => void) => setTimeout(callback, 1000));
  const [...waiting] = loads;
  const next = (): void => {
    // A page that cannot be fetched now is fetched, and its failure shown, when it is opened.
    waiting
      .shift()?.()
      .catch(() => undefined)
      .finally(() => idle(next));
  };
  idle(next);
}
