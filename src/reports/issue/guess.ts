import { UserError } from '../../errors.js';
import type { RunDetail } from '../../results/detail.js';
import type { Signal } from '../../signals.js';
import { type Upstream, upstreams } from '../report.js';
import type { Subject } from './subject.js';

/** Faults of the part of Apple's builder that hands contexts over: its shim keeps them in folders that builds share. */
const shimSignals: readonly Signal[] = [
  'copy-from-failed',
  'copy-from-early',
  'context-failed',
  'content-mismatch',
];

/**
 * Whose fault it is likely to be that the issue is about, whatever other arms of the run showed. Builds of buildx and of
 * Docker are carried out by BuildKit, and so are the progress and the error texts that the signals are read from, so that
 * theirs go there too: its form asks for the versions of all of them, and its guide says that reports are moved on where
 * they belong elsewhere. With Apple's `container`, what contexts suffer is its shim's (apple/container-builder-shim#92),
 * all else goes to `container`.
 * @throws {UserError} where no upstream here has a form for that builder.
 */
export function guessedUpstream({ result }: RunDetail, subject: Subject): Upstream {
  const { kind } = result.builder;
  switch (kind) {
    case 'buildctl':
    case 'buildkitd':
    case 'buildx':
    case 'docker':
      return 'buildkit';
    case 'container':
      return told(subject).some((signal) => shimSignals.includes(signal))
        ? 'container-builder-shim'
        : 'container';
    default:
      throw new UserError(
        `no issue form is known for the builder ${kind}: name whose to fill with --upstream (${upstreams.join(', ')}), or give --format md`,
      );
  }
}

/** The signals that the issue tells of: those that were seen, or where none was, those that were looked for. */
function told({ arm, signals, isSeen }: Subject): readonly Signal[] {
  if (!isSeen) return signals;
  const seen = (arm?.signals ?? []).filter(({ iterations }) => iterations.count > 0);
  return signals.filter((name) => seen.some(({ signal }) => signal === name));
}
