/** Builds out/ unless it is there and made from these very sources. `always` builds in any case. Throws SetupError. */
export function ensureBuilt(options?: { always?: boolean }): Promise<void>;

/** Whether out/ is there and made from these very sources. */
export function isBuilt(): boolean;
