/** JSON itself lets C1 controls, line separators, bidi controls and tag characters stand as they are. */
const unprintable =
  /[\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\udb40[\udc00-\udc7f]/g;

/**
 * A value as JSON of the same meaning, indented, that a terminal can be shown: what would act on it, reorder its text or
 * hide in it is escaped.
 */
export function printableJson(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(unprintable, (found) =>
    found.split('').map(escaped).join(''),
  );
}

/** One of 16 bits: what lies beyond is two halves in JSON. */
function escaped(half: string): string {
  return `\\u${half.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Characters that are handed out at once, about. */
const pieceLength = 65_536;
/** Lists and objects so deep are handed out element by element: `logs`, each of them, its `steps`, each of them. */
const depthInParts = 4;

/** The same text in pieces: a log has a hundred thousand steps, and all of them as one text take more than they do. */
export function* printableJsonPieces(value: unknown): Generator<string> {
  let piece = '';
  for (const part of partsOf(value, '', depthInParts)) {
    piece += part;
    if (piece.length < pieceLength) continue;
    yield piece;
    piece = '';
  }
  yield piece;
}

function* partsOf(value: unknown, indent: string, depth: number): Generator<string> {
  if (depth === 0 || typeof value !== 'object' || value === null || 'toJSON' in value) {
    // Line breaks of the layout only: in texts they are escaped.
    yield printableJson(value).replaceAll('\n', `\n${indent}`);
    return;
  }
  const inner = `${indent}  `;
  const [opening, closing] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  let before = opening;
  for (const [name, one] of Array.isArray(value) ? elementsOf(value) : membersOf(value)) {
    yield `${before}\n${inner}${name}`;
    yield* partsOf(one, inner, depth - 1);
    before = ',';
  }
  yield before === ',' ? `\n${indent}${closing}` : `${opening}${closing}`;
}

function* elementsOf(list: readonly unknown[]): Generator<[name: string, one: unknown]> {
  for (const one of list) yield ['', isTold(one) ? one : null];
}

function* membersOf(value: object): Generator<[name: string, one: unknown]> {
  for (const [key, one] of Object.entries(value)) if (isTold(one)) yield [`${printableJson(key)}: `, one];
}

/** What JSON has no word for is left out of objects, and null in lists. */
function isTold(value: unknown): boolean {
  return !['undefined', 'function', 'symbol'].includes(typeof value);
}
