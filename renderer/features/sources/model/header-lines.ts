/** The name before the first colon; lines without one have none to be sent under. */
export function readHeaderLines(lines: string): Record<string, string> {
  const pairs = lines.split('\n').flatMap((line) => {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(colon, 0)).trim();
    return name === '' ? [] : [[name, line.slice(colon + 1).trim()] as const];
  });
  return Object.fromEntries(pairs);
}
