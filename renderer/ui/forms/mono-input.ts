import classes from './mono-input.module.css';

/** `classNames` of fields for what is code: slugs, paths, commands. */
export const monoInput = { input: classes.input };
export const monoTags = { input: classes.input, inputField: classes.field, pill: classes.pill };
