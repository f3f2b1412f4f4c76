import type { Command } from '../../src/builders/builder.js';
import { openGate } from '../../src/runner/gate.js';
import { startLane } from '../../src/runner/lane.js';

/**
 * A harness that leaves in the middle, run as a program of its own: two FIFOs, log folder, how to leave. One lane runs,
 * another waits at a gate that nobody opens, a third is over and left a process behind; their ids are printed before.
 */
const [fifo = '', neverFifo = '', folder = '', way = ''] = process.argv.slice(2);
const options = {
  command: { file: 'sh', args: ['-c', "trap '' TERM; while :; do sleep 0.05; done"] },
  env: process.env,
  delayMs: 0,
  folder,
  timeoutMs: 600_000,
  maxLogBytes: null,
};
const leftBehind: Command = { file: 'sh', args: ['-c', 'sleep 1000 >/dev/null 2>&1 & echo $!'] };
let left = '';
const running = startLane({ ...options, name: 'running', fifo });
const waiting = startLane({ ...options, name: 'waiting', fifo: neverFifo });
const over = startLane({
  ...options,
  name: 'over',
  fifo,
  command: leftBehind,
  onOutput: (_, piece) => {
    left += piece.toString();
  },
});
const gate = await openGate(fifo, [running, over]);
await Promise.all([running.through, waiting.ready, over.through]);
gate.close();
await over.ended;
console.log(JSON.stringify({ lanes: [running.pid, waiting.pid], left: Number(left) }));
if (way === 'exit') process.exit(3);
else
  setImmediate(() => {
    throw new Error('a bug');
  });
