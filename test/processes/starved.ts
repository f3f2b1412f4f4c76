import { spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { identityOf, isOver, isRunning, pidWorld } from '../../src/processes/identity.js';
import { thisSystem } from '../../src/processes/system.js';
import { terminateFamily } from '../../src/processes/terminate.js';

/**
 * A program that has no file handle left, to be called with a low limit of them: it tells what it takes itself for then,
 * and how two groups ended that it ended, of which one is deaf to SIGTERM.
 */
const start = (script: string) =>
  spawn('sh', ['-c', script], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
const children = [
  start('echo ready; exec sleep 1000'),
  start("trap '' TERM; echo ready; while :; do sleep 0.05; done"),
];
await Promise.all(children.map((child) => new Promise((resolve) => child.stdout.once('data', resolve))));
const signals = children.map(
  (child) => new Promise<string | null>((resolve) => child.once('exit', (_, signal) => resolve(signal))),
);
const self = identityOf(process.pid) ?? { pid: 0, startTicks: '' };
const world = pidWorld();
let refused = '';
while (refused === '') {
  try {
    openSync('/dev/null', 'r');
  } catch (error) {
    refused = (error as NodeJS.ErrnoException).code ?? 'no code';
  }
}
const isKnown = {
  self: [isRunning(self), isOver(self, world)],
  nobody: isOver({ pid: 2 ** 30, startTicks: '1' }, world),
  list: thisSystem.list(),
  holders: thisSystem.holdersOf(new Set(['/mark']), [
    { ...self, parent: process.ppid, group: 0, session: 0 },
  ]),
  look: await thisSystem.look(new Set()),
};
await Promise.all(children.map(({ pid }) => terminateFamily({ leader: pid ?? 0, mark: null }, 200)));
console.log(JSON.stringify({ refused, ...isKnown, signals: await Promise.all(signals) }));
process.exit();
