import { UserError } from '../errors.js';
import { type Upstream, upstreams } from '../reports/report.js';

/** `--upstream` of `report` and `bundle`. */
export const upstreamOption = {
  type: 'string',
  requiresArg: true,
  describe: 'Whose issue form to fill: buildkit, buildx, container or container-builder-shim',
} as const;

/** The upstream project of that name; null: none was given. @throws {UserError} when there is none of that name. */
export function knownUpstream(upstream: string | undefined): Upstream | null {
  if (upstream === undefined) return null;
  const known = upstreams.find((one) => one === upstream);
  if (known !== undefined) return known;
  throw new UserError(`--upstream ${upstream}: expected one of ${upstreams.join(', ')}`);
}
