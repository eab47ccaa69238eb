/** The row at the top edge of what is in view. */
export interface RowAnchor {
  key: string;
  index: number;
  /** How much of it is above the edge. */
  offsetPx: number;
}

/** How far rows can have moved between two renders before looking for them is not worth it. */
const maxShift = 2000;

/** Where to scroll so that the anchor's row stays where it was; null when there is no anchor, or its row is gone. */
export function anchoredScroll<T>(
  anchor: RowAnchor | null,
  items: readonly T[],
  keyOf: (item: T) => string,
  rowHeight: number,
): number | null {
  if (anchor === null) return null;
  for (let distance = 0; distance <= maxShift; distance += 1) {
    for (const index of distance === 0 ? [anchor.index] : [anchor.index + distance, anchor.index - distance]) {
      const item = items[index];
      if (item !== undefined && keyOf(item) === anchor.key) return index * rowHeight + anchor.offsetPx;
    }
  }
  return null;
}
