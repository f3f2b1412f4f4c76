import { normalizePlatform } from '../platforms.js';
import type { Step } from './timeline.js';

/** What the name of a vertex says. */
export type VertexName = Pick<
  Step,
  'target' | 'platform' | 'targetPlatform' | 'stage' | 'instruction' | 'text' | 'from' | 'internal'
>;

/** Keywords of the Dockerfile reference. */
const keywords = new Set(
  `ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME
  WORKDIR`.split(/\s+/),
);

/** Words that stand in a bracket in place of a step's number (`internal`, or `context NAME`). */
const internalKinds = ['internal', 'auth', 'resolver', 'context'];

const stepNumber = /^\d+\/\d+$/;

/**
 * Takes a vertex name apart. BuildKit writes it as
 * `[` [platform [`->` target platform] ` `] [stage ` `] i `/` n `] ` [`ONBUILD `] text
 * (`prefixCommand` and `formatTargetPlatform` in its dockerfile2llb/convert.go), and bake and compose put the name
 * of their target in front of it all. Every other name is an internal vertex.
 */
export function parseVertexName(name: string): VertexName {
  const closing = name.startsWith('[') ? name.indexOf(']') : -1;
  if (closing < 0) return name.startsWith('[') ? cutName(name) : internalVertex(name);
  const words = name.slice(1, closing).trim().split(/\s+/);
  const text = name.slice(closing + 1).trim();
  if (stepNumber.test(words.at(-1) ?? '')) {
    return nameOf(place(words.slice(0, -1), true), parseInstruction(text), text, false);
  }
  const kind = words.findIndex((word) => internalKinds.includes(word));
  // `[app] exporting to image`: bake's target in front of a name that has no bracket of its own.
  const before = kind >= 0 ? words.slice(0, kind) : words.length === 1 ? words : [];
  return nameOf(place(before, false), noInstruction, text, true);
}

const noInstruction = { instruction: null, from: null } as const;

/** Field by field: of objects that are copied into one, each takes ten times the memory for as long as names are read. */
function nameOf(
  { target, platform, targetPlatform, stage }: ReturnType<typeof place>,
  { instruction, from }: ReturnType<typeof parseInstruction>,
  text: string,
  internal: boolean,
): VertexName {
  return { target, platform, targetPlatform, stage, instruction, text, from, internal };
}

/** Keyword and `--from=` of an instruction's text. */
export function parseInstruction(text: string): Pick<VertexName, 'instruction' | 'from'> {
  // `LINK` marks the second half of a `COPY --link`, which is shown by the name of the whole.
  const match = /^(?:ONBUILD\s+|LINK\s+)?([A-Za-z]+)(?=\s|$)/i.exec(text);
  const keyword = match?.[1]?.toUpperCase() ?? '';
  if (match === null || !keywords.has(keyword)) return { instruction: null, from: null };
  const copies = keyword === 'COPY' || keyword === 'ADD';
  return { instruction: keyword, from: copies ? findFrom(text.slice(match[0].length)) : null };
}

/** Only flags in front of the first path count: `COPY --from=x`, not a file of that name. */
function findFrom(operands: string): string | null {
  for (const word of operands.trim().split(/\s+/)) {
    if (!word.startsWith('--')) return null;
    const value = /^--from=["']?([^"']+)/i.exec(word)?.[1];
    if (value !== undefined) return value;
  }
  return null;
}

/** The words of a bracket in front of its number or kind: [target] [platform] [stage]. */
function place(
  words: readonly string[],
  inStage: boolean,
): Pick<VertexName, 'target' | 'platform' | 'targetPlatform' | 'stage'> {
  const at = words.slice(0, 2).findIndex((word) => isPlatform(word));
  const [platform = null, targetPlatform = null] = at < 0 ? [] : (words[at] ?? '').split('->');
  const rest = words.slice(at + 1);
  // Without a platform, two words can only be a target and a stage.
  const leads = at === 1 || (at < 0 && (rest.length > 1 || !inStage));
  const target = leads ? (words[0] ?? null) : null;
  const stage = at < 0 && leads ? rest[1] : rest[0];
  return { target, platform, targetPlatform, stage: inStage ? (stage ?? null) : null };
}

/** BuildKit always writes both parts, and no stage's name can hold a slash: a stage called `arm64` is none. */
function isPlatform(word: string): boolean {
  const [platform = ''] = word.split('->');
  return platform.includes('/') && normalizePlatform(platform) !== null;
}

function internalVertex(text: string): VertexName {
  return {
    target: null,
    platform: null,
    targetPlatform: null,
    stage: null,
    instruction: null,
    text,
    from: null,
    internal: true,
  };
}

/** A name that a narrow terminal cut inside its bracket: only a platform that is there in full can be told. */
function cutName(name: string): VertexName {
  const whole = name.slice(1).split(/\s+/).slice(0, -1);
  return nameOf({ ...place(whole, false), target: null }, noInstruction, name, true);
}
