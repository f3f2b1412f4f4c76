const marks = [...'▁▂▃▄▅▆▇█'];

/** Rates (fractions) as one mark each, the highest for 1; `·` where there is none. */
export function sparkline(rates: readonly (number | null)[]): string {
  return rates.map((rate) => (rate === null ? '·' : (marks[Math.round(rate * 7)] ?? '·'))).join('');
}
