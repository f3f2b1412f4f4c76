import { usageError } from './ending.js';

/** What the parser is told to say of an option that nothing follows that it would take as a value. */
export function missingValueText(option: string): string {
  return `--${option} needs a value`;
}

/**
 * Parses, and makes a usage error of the parser's own error about an option without a value: it throws that one past its
 * handler of failures, as if it were a fault of the tool. All other errors stay what they are.
 * @throws {UserError} which says how a value that begins with a dash is written, where such a word follows the option
 */
export async function withMissingValue<T>(argv: readonly string[], parse: () => Promise<T>): Promise<T> {
  try {
    return await parse();
  } catch (error) {
    const option = error instanceof Error && error.name === 'YError' ? optionIn(error.message) : null;
    if (option === null) throw error;
    const next = wordBehind(argv, option);
    const hint = next === null ? '' : `; one that begins with a dash is written --${option}=${next}`;
    throw usageError(`${missingValueText(option)}${hint}`);
  }
}

function optionIn(message: string): string | null {
  const option = /^--(.+) needs a value$/.exec(message)?.[1];
  return option ?? null;
}

/** The word that was meant as the option's value: it begins with one dash, and two dashes begin another option. */
function wordBehind(argv: readonly string[], option: string): string | null {
  const words = argv.flatMap((word, i) => (word === `--${option}` ? (argv[i + 1] ?? []) : []));
  return words.find((word) => /^-[^-]/.test(word)) ?? null;
}
