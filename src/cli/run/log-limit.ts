import { UserError } from '../../errors.js';

/** What is kept of what a lane prints where nobody says otherwise, in bytes. */
export const defaultLogBytes = 256_000_000;
/** Less would keep no error with its surroundings. */
const leastBytes = 64_000;
/** More is a slip of the hand. */
const mostBytes = 1_000_000_000_000_000;

const units: Readonly<Record<string, number>> = {
  b: 1,
  ...{ kb: 1e3, mb: 1e6, gb: 1e9, tb: 1e12 },
  ...{ kib: 2 ** 10, mib: 2 ** 20, gib: 2 ** 30, tib: 2 ** 40 },
};
const unitNames = ['kB', 'MB', 'GB', 'TB', 'KiB', 'MiB', 'GiB', 'TiB'];
const shape = /^(\d{1,15}(?:\.\d{1,6})?) ?([kmgt]?i?b)$/i;
/** A size but for its unit. */
const numbered = /^\d{1,15}(?:\.\d{1,6})? ?([a-z]*)$/i;

export const logLimitOption = {
  type: 'string',
  requiresArg: true,
  describe:
    'Most that is kept of what one lane prints, stdout and stderr together; of more, the middle is left out (default 256MB)',
} as const;

/** Bytes of `--max-log SIZE`. @throws {UserError} for anything that is no size, or less than 64 kB. */
export function logLimit(value: string | undefined): number {
  if (value === undefined) return defaultLogBytes;
  const [, number = '', unit = ''] = shape.exec(value.trim()) ?? [];
  const bytes = Math.floor(Number(number) * (units[unit.toLowerCase()] ?? Number.NaN));
  if (number !== '' && bytes >= leastBytes && bytes <= mostBytes) return bytes;
  const wrong = wrongUnit(value);
  throw new UserError(
    wrong === null
      ? `--max-log ${value}: expected a size such as 64kB, 256MB or 1GiB, at least 64kB`
      : `--max-log ${value}: ${wrong}; the units are ${['B', ...unitNames].join(', ')}`,
  );
}

/** What is wrong with the unit of a size whose number is right; null: something else is. */
function wrongUnit(value: string): string | null {
  const [, unit] = numbered.exec(value.trim()) ?? [];
  if (unit === undefined || Object.hasOwn(units, unit.toLowerCase())) return null;
  return unit === '' ? 'the unit is missing' : `there is no unit ${unit}`;
}

/** The words of a command line that say it again; none where it is the default. */
export function logLimitWords(bytes: number | null): [string, string | undefined][] {
  return [['max-log', bytes === null || bytes === defaultLogBytes ? undefined : sizeText(bytes)]];
}

/** `64kB`, `1GiB`, `70001B`: the largest unit that says it in a whole number. */
function sizeText(bytes: number): string {
  const names = ['TiB', 'TB', 'GiB', 'GB', 'MiB', 'MB', 'KiB', 'kB'];
  const name = names.find((one) => bytes % (units[one.toLowerCase()] ?? 1) === 0) ?? 'B';
  return `${bytes / (units[name.toLowerCase()] ?? 1)}${name}`;
}
