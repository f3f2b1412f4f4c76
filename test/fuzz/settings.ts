/** The seed of every property in `test/fuzz`: fixed, so that a run of the tests is the same everywhere. */
export const seed = numberOf('BUILDRACE_FUZZ_SEED') ?? 20261121;

/**
 * How often a property is tried: `usual` times, or as often as `BUILDRACE_FUZZ_RUNS` says. The usual numbers together take
 * a few seconds of processor time: they are part of every run of the tests, and `npm run bench fuzz` does the rest.
 */
export function times(usual: number): number {
  return numberOf('BUILDRACE_FUZZ_RUNS') ?? usual;
}

/** How large a hostile input is: as small as still tells, or of full size where the environment asks for runs. */
export function sizeOf(usual: number, full: number): number {
  return numberOf('BUILDRACE_FUZZ_RUNS') === null ? usual : full;
}

function numberOf(name: string): number | null {
  const text = process.env[name];
  if (text === undefined || text === '') return null;
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 0) throw new Error(`${name}=${text} is no whole number`);
  return number;
}
