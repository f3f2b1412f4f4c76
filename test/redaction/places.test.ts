import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Place, Places } from '../../src/redaction/places.js';

const place = fc
  .tuple(fc.nat(40), fc.integer({ min: 1, max: 12 }))
  .map(([start, length]): Place => ({ start, end: start + length }));

describe('places', () => {
  test('answer as a look at each of them would', () => {
    fc.assert(
      fc.property(fc.array(place, { maxLength: 12 }), place, (all, one) => {
        const places = new Places(all);
        expect(places.touch(one)).toBe(all.some(({ start, end }) => start < one.end && end > one.start));
        expect(places.hold(one)).toBe(all.some(({ start, end }) => start <= one.start && end >= one.end));
      }),
    );
  });
});
