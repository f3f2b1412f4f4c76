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
