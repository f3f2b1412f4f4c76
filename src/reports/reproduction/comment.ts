import { terminalText } from '../escape.js';

const width = 100;

/** Other people's text as comment lines of a shell script, wrapped; no line of it can be anything else. */
export function comment(text: string, indent = ''): string[] {
  const lines: string[] = [];
  let line = '';
  for (const part of terminalText(text).split(/\s+/).filter(Boolean)) {
    if (line !== '' && line.length + part.length + 1 > width - indent.length - 2) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? part : `${line} ${part}`;
  }
  if (line !== '') lines.push(line);
  return lines.map((one) => `${indent}# ${one}`);
}
