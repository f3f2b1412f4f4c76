/** From and to, in the same unit as the gap that is kept. */
export interface Extent {
  readonly from: number;
  readonly to: number;
}

/**
 * Puts each extent in the first row in which it keeps `gap` to all others there, in the order given.
 * @returns the row of each, from 0. Two of one row never overlap.
 */
export function packRows(extents: readonly Extent[], gap: number): number[] {
  const rows: Extent[][] = [];
  return extents.map((extent) => {
    const isFree = (row: readonly Extent[]): boolean =>
      row.every(({ from, to }) => extent.from >= to + gap || from >= extent.to + gap);
    const found = rows.findIndex(isFree);
    const at = found === -1 ? rows.length : found;
    const row = rows[at] ?? [];
    row.push(extent);
    rows[at] = row;
    return at;
  });
}
