/** The seed of every property in `test/fuzz`: fixed, so that a run of the tests is the same everywhere. */
export const seed = numberOf('BUILDRACE_FUZZ_SEED') ?? 20261121;

/** How often a property is tried: `usual` times, or as often as the environment says. */
export function times(usual: number): number {
  return numberOf('BUILDRACE_FUZZ_RUNS') ?? usual;
}

function numberOf(name: string): number | null {
  const text = process.env[name];
  if (text === undefined || text === '') return null;
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 0) throw new Error(`${name}=${text} is no whole number`);
  return number;
}
