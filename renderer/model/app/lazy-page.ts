import { type ComponentType, lazy } from 'react';
import type { PageProps } from './feature.ts';

const loads: (() => Promise<unknown>)[] = [];

/** A page whose code is loaded when it is first shown, or when the window is idle. */
export function lazyPage<Name extends string>(
  load: () => Promise<Record<Name, ComponentType<PageProps>>>,
  name: Name,
): ComponentType<PageProps> {
  loads.push(load);
  return lazy<ComponentType<PageProps>>(async () => ({ default: (await load())[name] }));
}

/** Loads the remaining pages, so that opening one does not wait for its code. */
export function loadPagesWhenIdle(): void {
  const idle = globalThis.requestIdleCallback ?? ((callback: () => void) => setTimeout(callback, 1000));
  const [...waiting] = loads;
  const next = (): void => {
    // A page that fails to load here is loaded again, and shows its error, when it is opened.
    waiting
      .shift()?.()
      .catch(() => undefined)
      .finally(() => idle(next));
  };
  idle(next);
}
