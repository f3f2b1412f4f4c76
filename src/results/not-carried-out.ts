import type { RunResult } from './result.js';

/** How many iterations of a run's plan were not carried out, of how many, over all arms that are not skipped. */
export function notCarriedOut({ arms }: Pick<RunResult, 'arms'>): {
  readonly count: number;
  readonly of: number;
} {
  const asked = arms.filter(({ skipped }) => skipped === null).map(({ iterations }) => iterations);
  return {
    count: asked.reduce((sum, { planned, valid, invalid }) => sum + planned - valid - invalid, 0),
    of: asked.reduce((sum, { planned }) => sum + planned, 0),
  };
}

/** Whether a run that ended early has something left for `resume`: what its time limit ended is over with it. */
export function canGoOn(result: Pick<RunResult, 'arms' | 'stopped'>): boolean {
  const { stopped } = result;
  return stopped !== null && !stopped.startsWith('the time limit of ') && notCarriedOut(result).count > 0;
}
