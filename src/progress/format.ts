import type { LineSink } from './lines.js';
import type { FormatName, Timeline } from './timeline.js';

/** What a reader made of a log; the rest of the timeline is counted by the parser. */
export type Reading = Pick<Timeline, 'steps' | 'error' | 'trouble' | 'truncated' | 'outcome'> &
  Partial<Pick<Timeline, 'source'>>;

/** How the log ended: whether its last line had a line end. An empty log has. */
export interface LogEnd {
  readonly newline: boolean;
}

/** Reads one log of one format. It gets all lines, from the ones in front of the first that was recognized on. */
export interface Reader extends LineSink {
  /** Between the last line and the next, a part of the log was left out: whatever was under way may have ended there. */
  gap(): void;
  end(end: LogEnd): Reading;
}

/** Whether a line, whose text may be clipped, tells of a part of the log that was left out there, and is none of the log's own. */
export type IsGap = (text: string, line: number) => boolean;

/** One way in which builders print their progress; one file each, all of them in `formats.ts`. */
export interface Format {
  readonly name: Exclude<FormatName, 'unknown'>;
  /** Set where colours are part of the format; elsewhere they are taken off before the reader sees the line. */
  readonly keepsEscapes: boolean;
  /**
   * Where in the line this format's own text begins (0, or behind a prefix), -1 in a line that it does not
   * print. The line has no terminal escapes, and one character a byte.
   */
  sniff(line: string): number;
  reader(): Reader;
}
