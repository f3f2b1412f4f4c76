import { cut } from '../../escape.js';
import { columns } from '../../width.js';
import type { Extent } from './packing.js';
import { pictureWidth, plotLeft } from './scale.js';

/** Of the labels' typeface, which gives all characters one width. */
const characterWidth = 6.7;
const padding = 4;
/** What stands in front of a marked step's label. */
export const flagWidth = 11;
/** What a label in its bar may lack at the picture's smallest: most screens are wider, and show it whole. */
const mostClipped = 0.55;
/** A label that would have to be shorter is none. */
const fewest = 6;

export interface Label {
  readonly text: string;
  /** Where it begins, or ends: as `anchor` says. */
  readonly x: number;
  readonly anchor: 'start' | 'end';
  /** Some of it is left out for want of room. */
  readonly isCut: boolean;
  /** It ends where its bar does, whole or not. */
  readonly isInside: boolean;
  /** Where the flag of a marked step stands. */
  readonly flagX: number;
  /** Bar and label together. */
  readonly extent: Extent;
}

/**
 * Puts the first of some texts that fits into its bar, else behind it, else in front of it; else the last of them, cut,
 * where there is most room. Labels in bars may need a wider picture than the smallest.
 */
export function placeLabel(bar: Extent, texts: readonly string[], isMarked: boolean): Label | null {
  const flag = isMarked ? flagWidth : 0;
  for (const text of texts) {
    const whole = placeWhole(bar, text, flag);
    if (whole !== null) return whole;
  }
  const { inside, behind, inFront } = roomAt(bar);
  const room = Math.max(inside, behind, inFront);
  const short = shortened(texts.at(-1) ?? '', room - flag - padding);
  if (short === null) return null;
  const isCut = true;
  if (room === inside) return { ...inBar(bar, short, flag), isCut };
  const placed = room === behind ? behindBar : inFrontOfBar;
  return { ...placed(bar, short, flag, room), isCut };
}

function placeWhole(bar: Extent, text: string, flag: number): Label | null {
  const { inside, behind, inFront } = roomAt(bar);
  const width = columns(text) * characterWidth + flag + padding;
  if (width * mostClipped <= inside) return { ...inBar(bar, text, flag), isCut: width > inside };
  if (width <= behind) return behindBar(bar, text, flag, width);
  return width <= inFront ? inFrontOfBar(bar, text, flag, width) : null;
}

function roomAt({ from, to }: Extent): { inside: number; behind: number; inFront: number } {
  return { inside: to - from - padding, behind: pictureWidth - to, inFront: from - plotLeft };
}

function inBar(bar: Extent, text: string, flag: number): Label {
  return {
    text,
    x: bar.from + padding + flag,
    anchor: 'start',
    isInside: true,
    isCut: false,
    flagX: bar.from + padding,
    extent: bar,
  };
}

function behindBar(bar: Extent, text: string, flag: number, width: number): Label {
  const extent = { from: bar.from, to: bar.to + width };
  return {
    text,
    x: bar.to + padding + flag,
    anchor: 'start',
    isInside: false,
    isCut: false,
    flagX: bar.to + padding,
    extent,
  };
}

function inFrontOfBar(bar: Extent, text: string, flag: number, width: number): Label {
  const extent = { from: bar.from - width, to: bar.to };
  return {
    text,
    x: bar.from - padding - flag,
    anchor: 'end',
    isInside: false,
    isCut: false,
    flagX: bar.from - flag,
    extent,
  };
}

function shortened(text: string, room: number): string | null {
  const most = Math.floor(room / characterWidth);
  if (most < fewest) return null;
  let short = cut(text, most);
  // Wide characters take two columns.
  for (let length = most; columns(short) > most && length > fewest; ) short = cut(text, --length);
  return columns(short) > most ? null : short;
}
