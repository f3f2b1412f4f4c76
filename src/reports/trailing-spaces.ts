/** Each line without the spaces at its end, which tables fill their columns with. */
export function withoutTrailingSpaces(lines: readonly string[]): string {
  return lines.join('\n').split('\n').map(trimmed).join('\n');
}

// A pattern would look at the spaces in the middle of a line once for each of them.
function trimmed(line: string): string {
  let end = line.length;
  while (line[end - 1] === ' ') end--;
  return line.slice(0, end);
}
