const name = 'sb-output-match';

/**
 * Marks `text` wherever it stands under `root`, without regard to case, over the lines' own colours (CSS Custom Highlight
 * API; where it is missing, the lines that match are tinted all the same). A match that changes colour midway is not
 * marked. Returns how to take the marks off.
 */
export function markMatches(root: Element, text: string): (() => void) | undefined {
  const wanted = text.toLowerCase();
  if (wanted === '' || typeof Highlight === 'undefined' || CSS.highlights === undefined) return undefined;
  const ranges: Range[] = [];
  for (const element of root.querySelectorAll('[data-match="true"], [data-match="current"]')) {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const content = (node.nodeValue ?? '').toLowerCase();
      // Some letters grow when they are lowered, and places in the text are lost.
      if (content.length !== node.nodeValue?.length) continue;
      for (let at = content.indexOf(wanted); at !== -1; at = content.indexOf(wanted, at + wanted.length)) {
        const range = new Range();
        range.setStart(node, at);
        range.setEnd(node, at + wanted.length);
        ranges.push(range);
      }
    }
  }
  CSS.highlights.set(name, new Highlight(...ranges));
  return () => void CSS.highlights.delete(name);
}
