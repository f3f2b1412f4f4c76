/**
 * Decimals of a percentage that its interval's width (a fraction) is worth: 20 % ± 9 says nothing about tenths. One is
 * added for each tenth of 2 points, so that no limit above 0 is ever printed as 0.
 */
function decimalsFor(width: number): number {
  if (width <= 0) return 0;
  return Math.max(0, Math.ceil(Math.log10(0.02 / width)));
}

/** `57–100 %`, with no more decimals than the interval's width carries. Limits are fractions. */
export function rangeText(low: number, high: number): string {
  const decimals = decimalsFor(high - low);
  return `${(low * 100).toFixed(decimals)}–${(high * 100).toFixed(decimals)} %`;
}

/** `at most 45 %`; the limit is a fraction. */
export function atMostText(limit: number): string {
  return `at most ${(limit * 100).toFixed(decimalsFor(limit))} %`;
}

/** `p = 0.008`: two digits, and no more zeros than a reader takes in. */
export function pText(p: number): string {
  if (p < 0.001) return 'p < 0.001';
  if (p > 0.99) return 'p > 0.99';
  return `p = ${Number(p.toPrecision(p < 0.1 ? 1 : 2))}`;
}

/** `1 iteration`, `2 iterations`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/**
 * `5 %`, `2.5 %`: a rate that somebody named, with all digits that they gave it and no others, so that two rates that
 * differ look it and nothing below 1 reads 100 %.
 */
export function percentText(rate: number): string {
  // Moving the point of the decimal text rounds nothing, as a product with 100 does.
  const [digits = '', exponent = '0'] = String(rate).split('e');
  return `${Number(`${digits}e${Number(exponent) + 2}`)} %`;
}

/** `+15 (−6 to +37)`: a difference in percentage points with its interval; all are fractions. */
export function pointsText(difference: {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}): string {
  const { estimate, low, high } = difference;
  const decimals = decimalsFor(high - low);
  const [middle, least, most] = [estimate, low, high].map((one) => signed(one * 100, decimals));
  return `${middle} (${least} to ${most})`;
}

function signed(points: number, decimals: number): string {
  const text = Math.abs(points).toFixed(decimals);
  if (Number(text) === 0) return text;
  return `${points < 0 ? '−' : '+'}${text}`;
}
