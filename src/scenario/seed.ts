import { randomBytes } from 'node:crypto';
import type { Shard } from './plan.js';

/**
 * The seed of a run: the one given; else, where a plan is carried out in parts, one that follows from the scenario's
 * content, so that every part has the same; else a new one.
 */
export function seedFor(given: number | null, shard: Shard | null, contentSha256: string): number {
  if (given !== null) return given;
  return shard === null ? newSeed() : Number.parseInt(contentSha256.slice(0, 8), 16);
}

/** One of 2^32, at random. */
export function newSeed(): number {
  return randomBytes(4).readUInt32BE();
}
