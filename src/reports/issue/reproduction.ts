import type { RunDetail } from '../../results/detail.js';
import { armLanes } from '../../scenario/plan.js';
import { codeSpan } from '../escape.js';
import { reproductionOf } from '../reproduction/reproduction.js';
import { buildCommands } from './builds.js';
import { type Part, text, type WholePart } from './parts.js';
import type { Subject } from './subject.js';
import { htmlCode, shortProse } from './words.js';

const maxFiles = 6;
const maxClauses = 8;

/** What to build and how: commands, Dockerfiles, and a script that needs nothing of this tool. */
export function reproduction(detail: RunDetail, subject: Subject): Part[] {
  const commands = buildCommands(detail, subject);
  return [
    ...(commands === null
      ? []
      : [text('One iteration, in the folder of the Dockerfile, as it was carried out:'), commands]),
    ...dockerfiles(detail, subject),
    ...script(detail),
  ];
}

/** The script, and what it leaves out. */
function script(detail: RunDetail): Part[] {
  const made = reproductionOf(detail);
  if ('none' in made) return [text(`There is no script for it: ${shortProse(made.none)}.`)];
  return [
    text(['A script that needs nothing but the builder:', ...made.usage].join(' ')),
    {
      kind: 'whole',
      summary: htmlCode('reproduce.sh'),
      language: 'sh',
      content: made.script,
      otherwise: '`reproduce.sh` is in the attached bundle.',
    },
    ...(made.leavesOut.length === 0
      ? []
      : [
          text(
            `What it leaves out: ${made.leavesOut
              .slice(0, maxClauses)
              .map((one) => shortProse(one))
              .join('; ')}.`,
          ),
        ]),
  ];
}

/** The Dockerfiles of the arm and of what it is compared with, as the run recorded them. */
function dockerfiles({ environment, plan }: RunDetail, { arm, beside }: Subject): WholePart[] {
  const arms = new Set([arm, ...beside].map((one) => one?.name));
  const used = new Set(
    plan.arms
      .filter(({ name }) => arms.has(name))
      .flatMap((planned) => armLanes(planned).map(({ build }) => build.dockerfile)),
  );
  return environment.scenario.files
    .filter(({ path, encoding }) => used.has(path) && encoding === 'utf8')
    .slice(0, maxFiles)
    .map(({ path, content }) => ({
      kind: 'whole',
      summary: htmlCode(path),
      language: 'dockerfile',
      content,
      otherwise: `${codeSpan(path.slice(0, 200))} is in the attached bundle.`,
    }));
}
