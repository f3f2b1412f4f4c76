import { UserError } from '../errors.js';

/** What `--redact` or `--keep` names, as an expression that finds it everywhere in a line. */
export interface Pattern {
  readonly expression: RegExp;
  /** The text, where it is one and no expression. */
  readonly literal: string | null;
}

/** What an expression looks like: between slashes, with flags behind them; any other text stands for itself. */
const written = /^\/(.+)\/([dgimsuvy]*)$/s;

/**
 * Reads what the user wrote behind an option. An expression runs as JavaScript's do, line by line.
 * @throws {UserError} when it is no expression, empty, or finds nothing at all.
 */
export function readPattern(option: '--redact' | '--keep', text: string): Pattern {
  if (text.trim() === '' || text === '//')
    throw new UserError(`${option}: expected a text or an expression, and got none`);
  const expression = written.exec(text);
  if (expression === null) return { expression: literally(text), literal: text };
  const [, source = '', flags = ''] = expression;
  const read = compile(option, text, source, flags);
  if (new RegExp(read.source, read.flags.replace('g', '')).test(''))
    throw new UserError(
      `${option} ${text}: this expression finds empty text everywhere; write one that needs a character`,
    );
  return { expression: read, literal: null };
}

function compile(option: string, text: string, source: string, flags: string): RegExp {
  try {
    return new RegExp(source, `${[...flags].filter((flag) => !'gyd'.includes(flag)).join('')}g`);
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^Invalid regular expression: /, '') : '';
    throw new UserError(`${option} ${text}: this is no regular expression (${reason})`);
  }
}

function literally(text: string): RegExp {
  return new RegExp(text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'), 'g');
}

/** Where a pattern is found in a text, line by line; places without a character are none. */
export function placesOf({ expression }: Pattern, text: string): { start: number; end: number }[] {
  const places: { start: number; end: number }[] = [];
  for (let from = 0; from <= text.length; ) {
    const at = text.indexOf('\n', from);
    const end = at === -1 ? text.length : at;
    for (const { index, 0: found } of text.slice(from, end).matchAll(expression))
      if (found !== '') places.push({ start: from + index, end: from + index + found.length });
    from = end + 1;
  }
  return places;
}
