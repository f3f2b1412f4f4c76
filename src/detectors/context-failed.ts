import type { Step, Timeline } from '../progress/timeline.js';
import { whyCauseIsHidden } from './blindness.js';
import type { Detector, LaneEvidence } from './detector.js';
import { always, lookAtEnds, type Sight } from './lanes.js';
import { failureLines, firstLine, inLogOrder } from './lines.js';

/** BuildKit's names of the vertices that fetch from the client (frontend/dockerui): `[internal]` or `[context NAME]`. */
const contextVertex = /^load (?:build context|remote build context|from client)\b/i;
const definitionVertex = /^load (?:build definition|\.dockerignore)(?:\s|$)/i;

/**
 * What a broken transfer is called when it surfaces elsewhere: the two ends of tonistiigi/fsutil (`send.go`,
 * `receive.go`), its check of the order of entries, and the classic builder's reading of the tar that it was sent.
 */
const transferErrors = /error from (?:sender|receiver): |changes out of order|Error processing tar file/;

/**
 * Loading the context (or the Dockerfile, or .dockerignore) failed, and the build with it. A build that went on
 * regardless has survived the error and shows `transient-error` instead: that is so when it succeeded, and, for the
 * definition, when steps of the Dockerfile ran, since they cannot without one.
 */
export const contextFailed: Detector = {
  signal: 'context-failed',
  summary: 'loading or transferring the build context failed, and the build with it',
  appliesTo: always,
  detect: (iteration) => lookAtEnds('context-failed', iteration, look),
};

function look(lane: LaneEvidence): Sight {
  if (lane.outcome === 'succeeded') return null;
  const { timeline } = lane;
  const failed = timeline.steps.filter((step) => step.status === 'error' && isTransfer(timeline, step));
  const closing = timeline.error !== null && transferErrors.test(timeline.error.text) ? [timeline.error] : [];
  const [first] = failed;
  if (first !== undefined) {
    const evidence = [...failed.flatMap((step) => failureLines(timeline, step)), ...closing];
    return {
      message: `${first.text} failed: ${firstLine(first.error ?? 'no text')}`,
      evidence: inLogOrder(evidence),
    };
  }
  const [error] = closing;
  if (error !== undefined) {
    return { message: `the context was not transferred: ${firstLine(error.text)}`, evidence: closing };
  }
  const blind = whyCauseIsHidden(lane);
  return blind === null ? null : { blind };
}

function isTransfer(timeline: Timeline, step: Step): boolean {
  if (!step.internal) return transferErrors.test(step.error ?? '');
  if (definitionVertex.test(step.text)) return !instructionsRan(timeline);
  return contextVertex.test(step.text) || transferErrors.test(step.error ?? '');
}

function instructionsRan(timeline: Timeline): boolean {
  return timeline.steps.some((step) => !step.internal && ['done', 'cached', 'error'].includes(step.status));
}
