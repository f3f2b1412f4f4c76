/** A value that was read, as JSON for a sentence about it; what is nested deeper than a sentence can show has none. */
export function jsonText(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    // `JSON.parse` goes as deep as the text does, `JSON.stringify` only as deep as the stack.
    return 'a value of too many levels';
  }
}
