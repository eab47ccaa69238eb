import { create } from 'zustand';

/** An edited replay that was not sent yet. */
export interface ReplayDraft {
  /** The payload as it stands in the editor, valid JSON or not. */
  text: string;
  /** Slugs; none: the listeners that match. */
  listeners: readonly string[];
}

interface ReplayDraftsState {
  byEvent: Readonly<Record<string, ReplayDraft>>;
}

/**
 * By event id: an event is edited while there is one. Kept as long as the window, so that looking at another event does
 * not cost the edit.
 */
const useReplayDrafts = create<ReplayDraftsState>(() => ({ byEvent: {} }));

export const useReplayDraft = (eventId: string): ReplayDraft | undefined =>
  useReplayDrafts((state) => state.byEvent[eventId]);

export const keepReplayDraft = (eventId: string, draft: ReplayDraft): void =>
  useReplayDrafts.setState(({ byEvent }) => ({ byEvent: { ...byEvent, [eventId]: draft } }));

export const dropReplayDraft = (eventId: string): void =>
  useReplayDrafts.setState(({ byEvent: { [eventId]: _dropped, ...others } }) => ({ byEvent: others }));
