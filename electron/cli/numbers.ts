import { InvalidArgumentError } from 'commander';

/** For options that take a whole number. */
export const wholeNumber =
  (least: number, most: number) =>
  (text: string): number => {
    const value = Number(text);
    if (Number.isSafeInteger(value) && value >= least && value <= most && text.trim() !== '') return value;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };
