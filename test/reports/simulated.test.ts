import { describe, expect, it } from 'vitest';
import { bundleOf } from '../../src/bundle/bundle.js';
import { htmlReport } from '../../src/reports/html/html.js';
import { issueReport } from '../../src/reports/issue/issue.js';
import { isSimulated } from '../../src/reports/simulated.js';
import type { RunDetail } from '../../src/results/detail.js';
import { sampleEnvironment } from '../results/sample-run.js';
import { iterationDetail, laneDetail, sampleDetail } from './sample-detail.js';

const detail = sampleDetail();
const { result, plan } = detail;
const call = ['/usr/bin/node', '/opt/buildrace/dist/simulator/main.js', 'build'];
const lane = laneDetail('a');
const told = (command: string, output: string): RunDetail =>
  sampleDetail({ environment: { ...sampleEnvironment(), versionOutput: [{ command, output }] } });

describe('a run is simulated, whatever its plan says, where', () => {
  it.each<[string, RunDetail]>([
    ['the plan says so', { ...detail, plan: { ...plan, builder: { ...plan.builder, simulated: true } } }],
    ['its kind says so', { ...detail, plan: { ...plan, builder: { ...plan.builder, kind: 'simulated' } } }],
    [
      'an arm’s command calls the simulator',
      { ...detail, result: { ...result, arms: result.arms.map((arm) => ({ ...arm, command: call })) } },
    ],
    [
      'a lane’s command calls it',
      sampleDetail({
        iterations: [iterationDetail({ lanes: [{ ...lane, record: { ...lane.record, command: call } }] })],
      }),
    ],
    ['its version was asked', told(call.join(' '), 'v1')],
    ['a version output says so', told('builder info', '{"simulated": true,"version":"1"}')],
  ])('%s', (_, one) => {
    expect(isSimulated(one)).toBe(true);
    expect(() => issueReport.render(one, { upstream: null })).toThrow('simulated builder');
    const page = htmlReport.render(one, { upstream: null });
    expect(page).toContain('SIMULATED BUILDER: NOTHING HERE WAS SEEN ON A REAL ONE');
    expect(page).toContain('<title>SIMULATED: ');
    expect(bundleOf(one, { upstream: null }).simulated).toBe(true);
  });
});

it('is not, where a build is merely given a file of that name, or another program has it', () => {
  const given = ['buildctl', 'build', '--local', 'context=.', 'src/simulator/main.js'];
  const lanes = [{ ...lane, record: { ...lane.record, command: given } }];
  expect(isSimulated(sampleDetail({ iterations: [iterationDetail({ lanes })] }))).toBe(false);
  expect(isSimulated(told('buildctl --version', 'simulated: false'))).toBe(false);
});
