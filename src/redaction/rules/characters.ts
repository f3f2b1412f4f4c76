/** Whether a character's code is that of an ASCII letter or digit; not so behind the ends of a text (NaN). */
export function isLetterOrDigit(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
}
