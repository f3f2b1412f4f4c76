import type { Plan } from '../../scenario/plan.js';
import { withoutCommands } from '../workflow-commands.js';
import { iterationText, planText } from './progress-text.js';
import type { Watch } from './view.js';

/** One line an event, for log files and pipes. */
export function plainView(stream: NodeJS.WriteStream): Watch {
  let plan: Plan | null = null;
  const write = (line: string): void => {
    stream.write(withoutCommands(`${line}\n`));
  };
  return {
    hooks: {
      onPlan: (made, directory, finished) => {
        plan = made;
        stream.write(withoutCommands(planText(made, directory, finished)));
      },
      onJudgement: (judgement) => {
        const arm = plan?.arms.find(({ name }) => name === judgement.read.event.arm);
        if (arm) write(iterationText(arm, judgement, plan?.stopping));
      },
      observer: {
        warmUpStarted: (arm) => write(`warm-up for ${arm.name}`),
        warmUpFinished: (arm, failedWith) => {
          if (failedWith !== null) write(`the warm-up for ${arm.name} failed`);
        },
        iterationStarted: () => undefined,
        laneOutput: () => undefined,
        laneEnded: () => undefined,
        iterationFinished: () => undefined,
      },
    },
    end: () => undefined,
  };
}
