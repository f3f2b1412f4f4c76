import * as z from 'zod';

/** Names that become folder names and parts of image names: short, lower case, no dots, no slashes. */
export const nameSchema = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, {
  error: 'expected a name of small letters, digits and hyphens (at most 63)',
});

/** `a`, `b`, … `z`, `aa`, `ab`, …: the name of the lane with that index, from 0. */
export function laneName(index: number): string {
  const letter = String.fromCharCode(97 + (index % 26));
  return index < 26 ? letter : laneName(Math.floor(index / 26) - 1) + letter;
}
