import type { Step } from './timeline.js';

/** A step in which buildx waits for its daemon, or starts it: none that the daemon has a part in. */
export function isConnecting({ internal, text }: Pick<Step, 'internal' | 'text'>): boolean {
  return internal && /^(?:waiting for connection|booting buildkit)\b/.test(text);
}
