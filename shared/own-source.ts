/** The built-in source: of events that this app, its operators and its jobs raise. Also the system and preset of these. */
export const ownSource = 'signalbox';

/** A type that an operator or a job has raised; the others of the built-in source tell of runs. */
export const isCustomType = (type: string): boolean => type.startsWith('CUSTOM_');

/** What this app tells of its own runs. */
export const isInternalEvent = ({ source, type }: { source: string; type: string }): boolean =>
  source === ownSource && !isCustomType(type);
