/** Characters that the specification reserves in `Exec`; an argument with any of them is quoted. */
const reserved = /[\s"'\\><~|&;$*?#()`]/;

/**
 * An argument of `Exec` by the Desktop Entry specification: quoted where needed, with `"`, `` ` ``, `$` and `\` escaped inside; `%`
 * starts a field code and is doubled. The value is a string of the file as well, in which each backslash is escaped once more.
 */
function execArgument(text: string): string {
  const doubled = text.replaceAll('%', '%%');
  const quoted = text === '' || reserved.test(text) ? `"${doubled.replace(/["`$\\]/g, '\\$&')}"` : doubled;
  return quoted.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\t', '\\t').replaceAll('\r', '\\r');
}

/** A desktop entry that starts this command when the person logs in. */
export const autostartEntry = (command: readonly string[]): string =>
  `${[
    '[Desktop Entry]',
    'Type=Application',
    'Name=Signalbox',
    'Comment=Receives webhooks and runs jobs',
    `Exec=${command.map(execArgument).join(' ')}`,
    'Icon=signalbox',
    'Terminal=false',
    'X-GNOME-Autostart-enabled=true',
  ].join('\n')}\n`;

/** Desktops turn an entry off by a line in it rather than by removing it. */
export const isAutostartOn = (text: string | null): boolean =>
  text !== null && !/^(Hidden *= *true|X-GNOME-Autostart-enabled *= *false)\s*$/m.test(text);
