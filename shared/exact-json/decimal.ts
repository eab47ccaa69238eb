/** A number as sign × 0.digits × 10^point; zero has no digits. */
export interface Decimal {
  negative: boolean;
  /** Without zeros at either end. */
  digits: string;
  point: bigint;
}

/** Longer exponents are taken as the largest of this many digits: adding them up would cost more than anybody means. */
const maxExponentDigits = 1_000;

/** Larger whole numbers are printed with an exponent. */
const plainDigits = 400;

/** Reads what JSON or `String(number)` writes; a double that is not finite has no decimal. */
export function readDecimal(text: string): Decimal {
  const [, sign, whole, fraction = '', exponentSign = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?)(\d+))?$/.exec(text) ?? [];
  if (whole === undefined) throw new RangeError(`"${text.slice(0, 40)}" is not a decimal number`);
  const all = whole + fraction;
  let start = 0;
  while (all.charCodeAt(start) === 0x30) start++;
  let end = all.length;
  while (end > start && all.charCodeAt(end - 1) === 0x30) end--;
  if (start === end) return { negative: false, digits: '', point: 0n };
  const written = exponent.length > maxExponentDigits ? '9'.repeat(maxExponentDigits) : exponent;
  const shift = BigInt(exponentSign === '-' ? `-${written}` : written);
  return { negative: sign === '-', digits: all.slice(start, end), point: shift + BigInt(whole.length - start) };
}

/** Negative, zero or positive. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  const signA = signOf(a);
  const signB = signOf(b);
  if (signA !== signB || signA === 0) return signA - signB;
  if (a.point !== b.point) return a.point > b.point ? signA : -signA;
  if (a.digits === b.digits) return 0;
  // Fractions compare as text: 0.12 is less than 0.123 and less than 0.2.
  return a.digits > b.digits ? signA : -signA;
}

/** The one way to write it: `9007199254740993` also for `9.007199254740993e15`; far from the point with an exponent. */
export function printDecimal({ negative, digits, point }: Decimal): string {
  if (digits === '') return '0';
  const sign = negative ? '-' : '';
  const at = Number(point);
  if (at >= digits.length && at <= plainDigits) return sign + digits + '0'.repeat(at - digits.length);
  if (at > 0 && at < digits.length) return `${sign}${digits.slice(0, at)}.${digits.slice(at)}`;
  if (at <= 0 && at > -6) return `${sign}0.${'0'.repeat(-at)}${digits}`;
  const rest = digits.length > 1 ? `.${digits.slice(1)}` : '';
  return `${sign}${digits.slice(0, 1)}${rest}e${point > 0n ? '+' : ''}${point - 1n}`;
}

const signOf = ({ digits, negative }: Decimal): number => (digits === '' ? 0 : negative ? -1 : 1);
