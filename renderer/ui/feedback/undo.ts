export interface UndoOffer {
  id: string;
  undo: () => Promise<void>;
}

const offers: UndoOffer[] = [];

export function offerUndo(offer: UndoOffer): void {
  offers.push(offer);
}

/** Removes the offer, so that it is taken once: the named one, or the latest. */
export function takeUndo(id?: string): UndoOffer | undefined {
  const index = id === undefined ? offers.length - 1 : offers.findIndex((offer) => offer.id === id);
  return index === -1 ? undefined : offers.splice(index, 1)[0];
}
