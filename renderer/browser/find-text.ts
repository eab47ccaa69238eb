/** Elements whose text is no part of the page that people read. */
const skipped = 'script, style, [aria-hidden="true"], [data-find-skip]';

interface Piece {
  node: Text;
  /** Where the node's text begins in the whole. */
  at: number;
}

const blockOf = (node: Node): Element | null => {
  let element = node.parentElement;
  while (element !== null && getComputedStyle(element).display.startsWith('inline')) element = element.parentElement;
  return element;
};

/** The visible text below `root`; between two blocks is a line end, so that nothing is found across them. */
function collectText(root: Element): { text: string; pieces: Piece[] } {
  const pieces: Piece[] = [];
  let text = '';
  let lastBlock: Element | null = null;
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (!(node instanceof Text) || parent === null || node.data.trim() === '') continue;
    if (parent.closest(skipped) !== null || !parent.checkVisibility({ visibilityProperty: true })) continue;
    const block = blockOf(node);
    if (lastBlock !== null && block !== lastBlock) text += '\n';
    lastBlock = block;
    pieces.push({ node, at: text.length });
    text += node.data;
  }
  return { text, pieces };
}

/** More are not worth marking. */
const maxFound = 1000;

/** Where the text stands below `root`, in any case, from top to bottom. What a list has not drawn is not found. */
export function findText(root: Element, wanted: string): Range[] {
  if (wanted === '') return [];
  const { text, pieces } = collectText(root);
  const pattern = new RegExp(wanted.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'giu');
  const found: Range[] = [];
  let from = 0;
  /** The piece that holds this place of the text; places come in ascending order. */
  const pieceAt = (place: number): Piece | undefined => {
    while ((pieces[from + 1]?.at ?? Number.POSITIVE_INFINITY) <= place) from += 1;
    return pieces[from];
  };
  for (const {
    index,
    0: { length },
  } of text.matchAll(pattern)) {
    const start = pieceAt(index);
    const end = pieceAt(index + length - 1);
    if (start === undefined || end === undefined || found.length === maxFound) break;
    const range = new Range();
    range.setStart(start.node, index - start.at);
    range.setEnd(end.node, index + length - end.at);
    found.push(range);
  }
  return found;
}

const allName = 'find';
const currentName = 'find-current';

/** Marks what was found without touching the page's elements; see base.css. */
export function markFound(found: readonly Range[], current: Range | undefined): void {
  CSS.highlights.set(allName, new Highlight(...found));
  if (current === undefined) CSS.highlights.delete(currentName);
  else {
    const mark = new Highlight(current);
    mark.priority = 1;
    CSS.highlights.set(currentName, mark);
    current.startContainer.parentElement?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }
}

export function clearFound(): void {
  CSS.highlights.delete(allName);
  CSS.highlights.delete(currentName);
}
