import { ensureBuilt } from '../../scripts/build-state.mjs';

/** The end-to-end tests use what a user starts: the built app, made from these sources. */
export default async function build(): Promise<void> {
  await ensureBuilt();
}
