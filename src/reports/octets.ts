/** The text, or as many of its lines as leave room for the note, with the note behind them: at most `limit` bytes in UTF-8. */
export function atMostBytes(text: string, limit: number, note: string): string {
  if (Buffer.byteLength(text) <= limit) return text;
  const room = limit - Buffer.byteLength(note);
  if (room < 0) return '';
  const kept = Buffer.from(text).subarray(0, room);
  // Where the cut goes through a character, its half goes with the line that it is in.
  return `${kept.subarray(0, kept.lastIndexOf('\n') + 1)}${note}`;
}
