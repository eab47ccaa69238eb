import { create } from 'zustand';

interface KeyboardMapState {
  isOpen: boolean;
  toggle: () => void;
  close: () => void;
}

/** The map of shortcuts under `?`. */
export const useKeyboardMap = create<KeyboardMapState>((set) => ({
  isOpen: false,
  toggle: () => set((state) => ({ isOpen: !state.isOpen })),
  close: () => set({ isOpen: false }),
}));
