/** A step that is no build could not be carried out, which spoils the iteration; the message says why in words. */
export class StepError extends Error {
  override readonly name = 'StepError';
}
