import type { IterationDetail } from '../../results/detail.js';

/** Lines of that lane's log (null: of the daemon's) that findings name. */
export function evidenceLines({ findings }: IterationDetail, lane: string | null): ReadonlySet<number> {
  return new Set(
    findings.filter((one) => one.lane === lane).flatMap(({ evidence }) => evidence.map(({ line }) => line)),
  );
}
