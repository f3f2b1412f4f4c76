import { expect, it } from 'vitest';
import { LaneState } from '../../src/cli/live/lane-state.js';

it('shows the last whole line, and nothing that a terminal would obey', () => {
  const lane = new LaneState('a');
  lane.take(Buffer.from('#1 first\n#2 sec'));
  expect(lane.line).toBe('#1 first');
  lane.take(Buffer.from('ond\u001b[2J\n\n'));
  expect(lane.line).toBe('#2 second');
});

it('keeps the start only of a line that never ends', () => {
  const lane = new LaneState('a');
  for (let i = 0; i < 100; i++) lane.take(Buffer.alloc(10_000, 'x'));
  lane.take(Buffer.from('\n'));
  expect(lane.line.length).toBe(400);
});

it('shows the same however the output is cut into pieces', () => {
  const text = '#1 one\n  \n\n#2 zwölf 🧪\r\n \t\n#3 open';
  const bytes = Buffer.from(text);
  for (let size = 1; size <= bytes.length; size++) {
    const lane = new LaneState('a');
    for (let at = 0; at < bytes.length; at += size) lane.take(bytes.subarray(at, at + size));
    expect(lane.line.trimEnd()).toBe('#2 zwölf 🧪');
  }
});

it('keeps no piece, and reads little of one', () => {
  const lane = new LaneState('a');
  const piece = Buffer.alloc(1_000_000, 'x\n');
  lane.take(piece);
  piece.fill('?');
  expect(lane.line).toBe('x');
  lane.take(Buffer.alloc(1_000_000, '\n'));
  expect(lane.line).toBe('x');
});
