import type { LaneDetail } from '../results/detail.js';
import { bytesText } from './bytes.js';

/** Why a lane's log is not whole, and where something was left out of it; null: it is whole. */
export function cutText({ truncated, record }: Pick<LaneDetail, 'truncated' | 'record'>): string | null {
  if (truncated === null) return null;
  const places = record.cuts.map(
    ({ stream, line, leftOutBytes }) =>
      `${bytesText(leftOutBytes)} at line ${line} of ${record.lane}.${stream}`,
  );
  return places.length === 0 ? truncated : `${truncated} (${places.join(', ')})`;
}
