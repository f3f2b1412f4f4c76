import { createLogUpdate } from 'log-update';
import pc from 'picocolors';
import type { Judgement } from '../../judgement/judge.js';
import {
  armLanes,
  type Plan,
  type PlannedArm,
  type PlannedLane,
  type Stopping,
} from '../../scenario/plan.js';
import { LaneState } from './lane-state.js';
import { countText, planText, sightText } from './progress-text.js';
import type { Watch } from './view.js';

const frameMs = 100;

/** A picture that is drawn anew ten times a second: the arms with what they showed, and each lane live. */
export function screenView(stream: NodeJS.WriteStream): Watch {
  const screen = new Screen(stream);
  return {
    hooks: {
      onPlan: (plan, directory, finished) => screen.begin(plan, directory, finished),
      onJudgement: (judgement) => screen.judged(judgement),
      observer: {
        warmUpStarted: (arm) => screen.now(`warm-up for ${arm.name}`),
        warmUpFinished: () => undefined,
        iterationStarted: (arm, iteration) =>
          screen.now(`${arm.name} ${screen.count(iteration, arm)}`, armLanes(arm)),
        laneOutput: (lane, piece) => screen.lane(lane).take(piece),
        laneEnded: (lane, exitCode) => screen.lane(lane).end(exitCode),
        iterationFinished: () => undefined,
      },
    },
    end: () => screen.end(),
  };
}

class Screen {
  readonly #stream: NodeJS.WriteStream;
  readonly #update: ReturnType<typeof createLogUpdate>;
  readonly #timer: NodeJS.Timeout;
  readonly #sights = new Map<string, { count: number; last: string }>();
  #arms: readonly PlannedArm[] = [];
  #lanes = new Map<string, LaneState>();
  /** Iterations of each arm that were finished before this picture began. */
  #finished: ReadonlyMap<string, number> = new Map();
  #title = '';
  #stopping: Stopping = { rule: 'fixed' };

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
    this.#update = createLogUpdate(stream);
    this.#timer = setInterval(() => this.#draw(), frameMs);
    this.#timer.unref();
  }

  /** A search is several runs: each has a picture of its own. */
  begin(plan: Plan, directory: string, finished: ReadonlyMap<string, number>): void {
    if (this.#arms.length > 0) {
      this.#draw();
      this.#update.done();
      this.#sights.clear();
      this.now('');
    }
    this.#stream.write(planText(plan, directory, finished));
    this.#finished = finished;
    this.#arms = plan.arms.filter((arm) => arm.skipped === null);
    this.#stopping = plan.stopping;
  }

  count(iterations: number, arm: PlannedArm): string {
    return countText(iterations, arm, this.#stopping);
  }

  now(title: string, lanes: readonly PlannedLane[] = []): void {
    this.#title = title;
    this.#lanes = new Map(lanes.map(({ name }) => [name, new LaneState(name)]));
  }

  lane(name: string): LaneState {
    const state = this.#lanes.get(name) ?? new LaneState(name);
    this.#lanes.set(name, state);
    return state;
  }

  judged(judgement: Judgement): void {
    const { arm } = judgement.read.event;
    const count = (this.#sights.get(arm)?.count ?? 0) + 1;
    this.#sights.set(arm, { count, last: sightText(judgement) });
  }

  end(): void {
    clearInterval(this.#timer);
    this.#draw();
    this.#update.done();
  }

  #draw(): void {
    // The last column stays free: a terminal that wraps there would scroll the picture away.
    const width = Math.max(20, (this.#stream.columns ?? 80) - 1);
    const arms = this.#arms.map((arm) => this.#armRow(arm).slice(0, width));
    const lanes = [...this.#lanes.values()].slice(0, 16).map((lane) => laneRow(lane, width));
    const more = this.#lanes.size > 16 ? [`  and ${this.#lanes.size - 16} more lanes`] : [];
    this.#update([...arms, pc.bold(this.#title.slice(0, width)), ...lanes, ...more].join('\n'));
  }

  #armRow(arm: PlannedArm): string {
    const { count, last } = this.#sights.get(arm.name) ?? { count: 0, last: '' };
    const done = this.count((this.#finished.get(arm.name) ?? 0) + count, arm);
    const width = Math.max(...this.#arms.map(({ name }) => name.length));
    return `${arm.name.padEnd(width)}  ${done.padStart(5)}  ${last}`;
  }
}

function laneRow(lane: LaneState, width: number): string {
  const state = lane.ended ? (lane.exitCode === 0 ? 'ok' : 'failed') : '…';
  const head = `  ${lane.name}  ${lane.seconds.padStart(6)}  ${state.padEnd(6)}  `;
  const row = (head + lane.line).slice(0, width);
  if (!lane.ended) return row;
  return lane.exitCode === 0 ? pc.dim(row) : pc.red(row);
}
