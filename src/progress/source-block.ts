import type { LogLine } from './timeline.js';

/** A file's name and the first line that is shown of it: `Dockerfile:6`. */
const place = /^\S.*:\d{1,9}$/;
const rule = '--------------------';
/** A line of the file, blanks at its end cut off: `   6 | >>> RUN make`, `   7 |`. */
const sourceLine = /^ *\d{1,9} \|(?: |$)/;

/**
 * Finds the block in which BuildKit's clients show the failing instruction in its file (`Source.Print` in BuildKit's
 * solver/errdefs/source.go). A place alone, or one with a rule, is somebody's text: a line of the file must follow.
 */
export class SourceBlock {
  #place: LogLine | null = null;
  #state: 'outside' | 'placed' | 'ruled' | 'inside' = 'outside';
  #found: LogLine | null = null;

  /** The first line of the last block. */
  get found(): LogLine | null {
    return this.#found;
  }

  /** True for a line of the file, or the rule around such lines: what stands there is the Dockerfile's. */
  line(text: string, line: number): boolean {
    if (this.#state === 'placed' && text === rule) {
      this.#state = 'ruled';
      return true;
    }
    if ((this.#state === 'ruled' || this.#state === 'inside') && sourceLine.test(text)) {
      this.#found = this.#place;
      this.#state = 'inside';
      return true;
    }
    if (this.#state === 'inside' && text === rule) {
      this.#state = 'outside';
      return true;
    }
    this.#place = { line, text };
    this.#state = place.test(text) ? 'placed' : 'outside';
    return false;
  }

  /** A vertex's line was met: no block goes on behind it. */
  interrupt(): void {
    this.#state = 'outside';
  }
}
