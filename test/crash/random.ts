import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Random numbers that follow from a seed. */
export interface Random {
  /** A whole number of `from` to `to`, both included. */
  int(from: number, to: number): number;
}

export function randomOf(seed: number): Random {
  const generator = xoroshiro128plus(seed | 0);
  // The first numbers of neighbouring seeds are alike.
  for (let i = 0; i < 10; i++) uniformInt(generator, 0, 1);
  return { int: (from, to) => uniformInt(generator, from, to) };
}
