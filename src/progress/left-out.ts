/** The line that a bundle puts where it left lines of a log out (see `bundle/log-files.ts`), alone on its line. */
const leftOutLine = /^\[buildrace: \d[\d,]* lines? left out here: /;

export function saysLeftOut(text: string): boolean {
  return text.startsWith('[buildrace: ') && leftOutLine.test(text);
}
