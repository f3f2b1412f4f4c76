import { describe, expect, test } from 'vitest';
import { UserError } from '../../../src/errors.js';
import { bodyLength } from '../../../src/reports/issue/fit.js';
import { issueReport } from '../../../src/reports/issue/issue.js';
import { type Upstream, upstreams } from '../../../src/reports/report.js';
import type { RunDetail } from '../../../src/results/detail.js';
import { plannedArm, sampleEnvironment, samplePlan } from '../../results/sample-run.js';
import { finding, iterationDetail, laneDetail, logText, sampleDetail } from '../sample-detail.js';
import { arm, run, signal } from '../sample-result.js';
import { expectHarmless } from './markdown.js';

const render = (detail: RunDetail, upstream: Upstream | null = null): string =>
  issueReport.render(detail, { upstream });
const hints = (detail: RunDetail, upstream: Upstream | null = null): string =>
  (issueReport.hints?.(detail, { upstream }) ?? []).join('\n');

/** Lines that are headings, those of code apart. */
const headings = (body: string): string[] => body.split('\n').filter((line) => /^#{2,3} /.test(line));

/** Content of the field with that label. */
function field(body: string, label: string): string {
  const [, after = ''] = body.split(`### ${label}\n\n`);
  return after.split(/\n\n### /)[0] ?? '';
}

/** A run on another builder. */
function on(kind: string, more: Partial<RunDetail> = {}): RunDetail {
  const detail = sampleDetail(more);
  return {
    ...detail,
    result: { ...detail.result, builder: { ...detail.result.builder, kind } },
    plan: { ...detail.plan, builder: { ...detail.plan.builder, kind } },
  };
}

describe('forms', () => {
  test('of BuildKit: its boxes, unticked, and the three parts of its description', () => {
    const body = render(sampleDetail());
    expect(headings(body)).toEqual([
      '### Contributing guidelines and issue reporting guide',
      '### Well-formed report checklist',
      '### Description of bug',
      '## Bug description',
      '## Reproduction',
      '## Version information',
    ]);
    expect(body.match(/^- \[ \] /gm)).toHaveLength(4);
    expect(body).not.toContain('[x]');
  });

  test('of buildx: a field for each thing', () => {
    const body = render(sampleDetail(), 'buildx');
    expect(headings(body)).toEqual([
      '### Contributing guidelines',
      "### I've found a bug and checked that ...",
      '### Description',
      '### Expected behaviour',
      '### Actual behaviour',
      '### Buildx version',
      '### Docker info',
      '### Builders list',
      '### Configuration',
      '### Build logs',
      '### Additional info',
    ]);
    expect(body.match(/^- \[ \] /gm)).toHaveLength(3);
    expect(field(body, 'Build logs')).toMatch(/^```text\n=== log of build a[\s\S]*\n```$/);
  });

  test('of Apple’s container: its environment is three lines of Markdown source', () => {
    const versionOutput = [
      {
        command: 'sw_vers',
        output: 'ProductName:\t\tmacOS\nProductVersion:\t\t26.0\nBuildVersion:\t\t25A354\n',
      },
      { command: 'xcodebuild -version', output: 'Xcode 26.0\nBuild version 17A324\n' },
      { command: 'container --version', output: 'container CLI version 0.12.0\n' },
    ];
    const detail = on('container', { environment: { ...sampleEnvironment(), versionOutput } });
    const body = render(detail);
    expect(headings(body)).toEqual([
      '### I have done the following',
      '### Steps to reproduce',
      '### Problem description',
      '### Environment',
      '### Code of Conduct',
    ]);
    expect(field(body, 'Environment')).toBe(
      '```markdown\n- OS: macOS 26.0 (25A354)\n- Xcode: Xcode 26.0, Build version 17A324\n- Container: container CLI version 0.12.0\n```',
    );
    expect(hints(detail)).toContain('Title: [Bug]: Two builds at once spell');
    expect(hints(detail)).toContain('takes issues by its form');
  });

  test('of Apple’s shim: the log is one field, rendered as shell, with no fence inside', () => {
    const detail = sampleDetail({
      iterations: [
        iterationDetail({
          findings: [finding()],
          lanes: [laneDetail('a', { log: logText(['```', 'a', '</details>']) })],
        }),
      ],
      clean: null,
    });
    const body = render(detail, 'container-builder-shim');
    expect(headings(body)).toEqual([
      '### I have done the following',
      '### Steps to reproduce',
      '### Current behavior',
      '### Expected behavior',
      '### Environment',
      '### Relevant log output',
      '### Code of Conduct',
    ]);
    expect(field(body, 'Relevant log output')).toBe(
      '````shell\n=== log of build a, iteration 1 of main (shows it) ===\n```\na\n</details>\n````',
    );
    expectHarmless(body);
  });
});

describe('what it says', () => {
  test('k of n with interval, the control, and whether it needs concurrency', () => {
    const body = render(sampleDetail());
    expect(body).toContain(
      '`platform-drift` was reproduced in 5 of 5 iterations (57–100 %, Wilson 95 %) of `main`; its control `plain` was clean in 5 of 5 (at most 45 %). Whether it needs concurrency was not tested.',
    );
    expect(body).toContain('| `plain` | control | `platform-drift` | 0/5 |');
    expect(body).toContain(
      'All steps of one build name one platform in the same way. That is what `plain` (control) shows.',
    );
  });

  test('the lines that show it, marked, with the log around', () => {
    expect(render(sampleDetail())).toContain(
      '```text\n  #1 [builder 1/3] RUN echo 1\n  #1 DONE 0.1s\n> #2 [runtime 2/2] COPY --from=builder /install /usr/local\n  #2 DONE 0.1s\n```',
    );
  });

  test('lines that the log has no more are those that the finding kept', () => {
    const lost = { files: [], lines: 0, bytes: 0, pieces: [] };
    const lanes = [laneDetail('a', { log: lost })];
    const body = render(
      sampleDetail({ iterations: [iterationDetail({ findings: [finding()], lanes })], clean: null }),
    );
    expect(body).toContain('```text\n> #2 [runtime 2/2] COPY --from=builder /install /usr/local\n```');
  });

  test('the commands as they were called, in the folder of the Dockerfile, on no private address', () => {
    const command = [
      '/opt/bk/bin/buildctl',
      '--addr',
      'unix:///tmp/buildrace-12-Ab3/bk-1/bk.sock',
      'build',
      '--local',
      'context=/x/y',
      '--local',
      'dockerfile=/x/y',
      '--opt',
      'build-arg:A=b c',
    ];
    const lane = laneDetail('a');
    const lanes = [{ ...lane, record: { ...lane.record, command, env: { DOCKER_BUILDKIT: '1' } } }];
    const body = render(
      sampleDetail({ iterations: [iterationDetail({ findings: [finding()], lanes })], clean: null }),
    );
    expect(body).toContain(
      "# builds a, b, started at the same instant\nDOCKER_BUILDKIT=1 buildctl build --local context=. --local dockerfile=. --opt 'build-arg:A=b c'",
    );
  });

  test('only of the failing arm, where the scenario is about more; the rest in a paragraph', () => {
    const detail = sampleDetail();
    const other = arm('other', {
      signals: [signal('hang', 0, 5, { expected: true, verdict: 'not-reproduced' })],
    });
    const many = { ...detail, result: { ...detail.result, arms: [...detail.result.arms, other] } };
    const body = render(many);
    expect(body).not.toContain('| `other` |');
    expect(body).toMatch(/^Also in this run: `hang` was not reproduced: 0 of 5 iterations/m);
    expect(hints(many)).toContain('Title: Steps of one build name one platform in two ways (v0.32.2)');
  });

  test('what daemons logged, and evidence from there', () => {
    const daemonLog = logText(['level=info msg=up', 'panic: runtime error', 'goroutine 1 [running]:'], 'd');
    const crashed = finding({
      signal: 'platform-drift',
      lane: null,
      message: 'the daemon panicked',
      evidence: [{ line: 2, text: 'panic: runtime error' }],
    });
    const iterations = [iterationDetail({ findings: [crashed], daemonLog })];
    const body = render(sampleDetail({ iterations, clean: null }));
    expect(body).toContain('  level=info msg=up\n> panic: runtime error\n  goroutine 1 [running]:');
    expect(body).toContain(
      '<summary>Log of the daemon meanwhile, iteration 1 of <code>main</code> (shows it)</summary>',
    );
  });

  test('what the form asks for and was not recorded, in its place and to the reporter', () => {
    const body = render(sampleDetail(), 'buildx');
    expect(field(body, 'Docker info')).toBe('Not recorded; run `docker info`.');
    expect(hints(sampleDetail(), 'buildx')).toContain(
      'The form asks for output that was not recorded: docker buildx version, docker info, docker buildx ls.',
    );
    const versionOutput = [
      {
        command: 'docker buildx version',
        output: 'github.com/docker/buildx v0.36.1 0123456789abcdef0123456789abcdef01234567\n',
      },
      { command: 'docker --context desk info', output: 'Server:\n Images: 5\n' },
      { command: 'docker buildx ls', output: 'NAME/NODE  DRIVER\n' },
    ];
    const told = on('buildx', { environment: { ...sampleEnvironment(), versionOutput } });
    const filled = render(told, 'buildx');
    expect(field(filled, 'Buildx version')).toBe(
      '`github.com/docker/buildx v0.36.1 0123456789abcdef0123456789abcdef01234567`',
    );
    expect(field(filled, 'Docker info')).toBe('```text\nServer:\n Images: 5\n```');
    expect(field(filled, 'Builders list')).toBe('```text\nNAME/NODE  DRIVER\n```');
    expect(hints(told, 'buildx')).not.toContain('not recorded');
  });

  test('what was taken out, and what made it, at the end', () => {
    const body = render(sampleDetail({ redactions: [{ kind: 'home folder', count: 3 }] }));
    expect(body).toMatch(
      /Redacted: home folder 3×\.\n\nMeasured with buildrace 0\.1\.0: `buildrace run chaos-1506 [^\n]*`\n$/,
    );
  });

  test('that a run ended early, was merged or is a part', () => {
    const detail = sampleDetail();
    const result = {
      ...detail.result,
      stopped: 'stopped by SIGINT',
      warnings: ['the parts ran on different machines'],
      shard: { index: 2, of: 3 },
    };
    const body = render({ ...detail, result });
    expect(body).toContain('- **The run did not reach its end: stopped by SIGINT.**');
    expect(body).toContain('- Warning: the parts ran on different machines');
    expect(body).toContain('This is part 2 of 3 of a plan.');
  });
});

describe('whose form', () => {
  const seen = (kind: string, name: 'hang' | 'content-mismatch') => {
    const detail = on(kind);
    return {
      ...detail,
      result: {
        ...detail.result,
        arms: [arm('main', { signals: [signal(name, 1, 5, { expected: true })] })],
      },
    };
  };

  test.each([
    ['buildctl', '### Description of bug'],
    ['buildkitd', '### Description of bug'],
    ['buildx', '### Description of bug'],
    ['docker', '### Description of bug'],
  ] as const)('builds of %s are carried out by BuildKit', (kind, heading) => {
    expect(render(on(kind))).toContain(heading);
  });

  test('of Apple’s, what contexts suffer is the shim’s', () => {
    expect(headings(render(seen('container', 'hang')))).toContain('### Problem description');
    expect(headings(render(seen('container', 'content-mismatch')))).toContain('### Relevant log output');
  });

  /** Apple's builder in a run of two faults, about one of them. */
  const ofTwo = (about: 'drift' | 'copies', copies: number): RunDetail => {
    const detail = on('container');
    return {
      ...detail,
      result: {
        ...detail.result,
        arms: [
          arm('drift', { signals: [signal('platform-drift', 5, 5, { expected: true })] }),
          arm('copies', {
            signals: [
              signal('content-mismatch', copies, 5, { expected: true }),
              signal('hang', 1, 5, { expected: true }),
            ],
          }),
        ],
      },
      iterations: [iterationDetail({ arm: about, findings: [finding()] })],
      firstFailing: { arm: about, iteration: 1 },
    };
  };

  test('follows from the arm that the issue is about, and of its signals from those that it shows', () => {
    expect(headings(render(ofTwo('drift', 5)))).toContain('### Problem description');
    expect(hints(ofTwo('drift', 5))).toContain('https://github.com/apple/container/issues/new');
    expect(headings(render(ofTwo('copies', 5)))).toContain('### Relevant log output');
    expect(hints(ofTwo('copies', 5))).toContain('https://github.com/apple/container-builder-shim/issues/new');
    expect(headings(render(ofTwo('copies', 0)))).toContain('### Problem description');
  });

  test('where nothing was seen, follows from what was looked for', () => {
    const unseen = (name: 'hang' | 'content-mismatch'): RunDetail => ({
      ...on('container'),
      result: {
        ...on('container').result,
        arms: [arm('main', { signals: [signal(name, 0, 5, { expected: true })] })],
      },
      firstFailing: null,
    });
    expect(headings(render(unseen('content-mismatch')))).toContain('### Relevant log output');
    expect(headings(render(unseen('hang')))).toContain('### Problem description');
  });

  test.each(['buildah', 'podman', 'docker-classic'])('%s has none, unless somebody names one', (kind) => {
    expect(() => render(on(kind))).toThrow(UserError);
    expect(() => render(on(kind))).toThrow(`no issue form is known for the builder ${kind}`);
    expect(() => render(on(kind))).toThrow('buildkit, buildx, container, container-builder-shim');
    expect(render(on(kind), 'buildkit')).toContain('### Description of bug');
    expect(hints(on(kind), 'buildkit')).toContain(`This run was made with ${kind}, which is not buildkit`);
  });

  test.each([null, ...upstreams])('a simulated run is refused (--upstream %s)', (upstream) => {
    const detail = sampleDetail();
    const simulated = { ...detail.result.builder, simulated: true };
    for (const one of [
      { ...detail, result: { ...detail.result, builder: simulated } },
      { ...detail, plan: { ...detail.plan, builder: { ...detail.plan.builder, simulated: true } } },
    ]) {
      expect(() => render(one, upstream)).toThrow(UserError);
      expect(() => hints(one, upstream)).toThrow('simulated builder');
    }
  });
});

test.each([null, ...upstreams])('an open or absent fault is asserted nowhere (--upstream %s)', (upstream) => {
  const unseen = (verdict: 'inconclusive' | 'not-reproduced', others: number): RunDetail =>
    sampleDetail({
      result: run([
        arm('main', { signals: [signal('platform-drift', 0, 5, { expected: true, verdict })] }),
        ...Array.from({ length: others }, (_, i) => arm(`other${i}`, {})),
      ]),
      plan: samplePlan({ scenario: { ...samplePlan().scenario, description: 'Two builds meet.' } }),
      iterations: [iterationDetail()],
      firstFailing: null,
    });
  const title = sampleDetail().result.title;
  expect(hints(unseen('not-reproduced', 0), upstream)).toMatch(/^Title: (\[Bug\]: )?Not reproduced: /m);
  expect(hints(unseen('inconclusive', 0), upstream)).toMatch(/^Title: (\[Bug\]: )?Not seen: /m);
  const body = render(unseen('inconclusive', 0), upstream);
  expect(body).toContain('This run did not show it: ');
  expect(body).toContain('What the scenario says of it: Two builds meet.');
  expect(body).not.toMatch(new RegExp(`^${title}`, 'm'));
  expect(render(unseen('inconclusive', 1), upstream)).toMatch(
    /^This run did not show it(?: in `main`: Steps of one build|: )/m,
  );
  expect(hints(sampleDetail(), upstream)).not.toContain('Not ');
});

test.each(upstreams)(
  'of a scenario of several faults, only the one that was seen is asserted (%s)',
  (upstream) => {
    const detail = sampleDetail();
    const title = 'One platform under two names, and a COPY --from that fails';
    const other = arm('copies', { signals: [signal('copy-from-failed', 0, 2, { expected: true })] });
    const many = { ...detail, result: { ...detail.result, title, arms: [...detail.result.arms, other] } };
    const body = render(many, upstream);
    expect(body).not.toMatch(/^One platform under two names/m);
    expect(body).toMatch(/^Steps of one build/m);
    expect(render({ ...detail, result: { ...detail.result, title } }, upstream)).toMatch(
      /^One platform under two names/m,
    );
  },
);

test('the description of buildx’s form is the fault and its rate', () => {
  const other = arm('copies', { signals: [signal('copy-from-failed', 0, 2, { expected: true })] });
  const detail = sampleDetail();
  const many = { ...detail, result: { ...detail.result, arms: [...detail.result.arms, other] } };
  expect(field(render(many, 'buildx'), 'Description')).toMatch(
    /^Steps of one build [^\n]+\n\n`platform-drift` was reproduced in 5 of 5/,
  );
});

describe('runs with little to say', () => {
  const clean = (more: Partial<RunDetail> = {}): RunDetail =>
    sampleDetail({
      result: run([
        arm('main', {
          signals: [signal('platform-drift', 0, 5, { expected: true, verdict: 'not-reproduced' })],
        }),
      ]),
      iterations: [iterationDetail()],
      firstFailing: null,
      clean: { arm: 'main', iteration: 1 },
      ...more,
    });

  test.each(upstreams)('that did not show it says so (%s)', (upstream) => {
    const body = render(clean(), upstream);
    expect(body).toContain('This run did not show it:');
    expect(body).toContain('`platform-drift` was not reproduced: 0 of 5 iterations (at most 45 %)');
    expect(hints(clean(), upstream)).toContain('This run did not show the fault');
    expectHarmless(body);
  });

  test.each(upstreams)('without a valid iteration (%s)', (upstream) => {
    const none = clean({
      result: run([
        arm('main', {
          iterations: { planned: 5, valid: 0, invalid: 5 },
          signals: [signal('platform-drift', 0, 0, { expected: true, verdict: 'inconclusive' })],
        }),
      ]),
      iterations: [],
      clean: null,
    });
    const body = render(none, upstream);
    expect(body).toContain('`platform-drift` stays open for `main`: none of 5 planned iterations was valid.');
    expect(body).toContain('No iteration of this run is valid.');
    expectHarmless(body);
  });

  test.each(upstreams)('without any arm (%s)', (upstream) => {
    const empty = clean({ result: run([]), plan: samplePlan({ arms: [] }), iterations: [], clean: null });
    expectHarmless(render(empty, upstream));
    const skipped = clean({
      result: run([arm('main', { skipped: 'no arm64 emulation' })]),
      plan: samplePlan({ arms: [plannedArm({ skipped: 'no arm64 emulation' })] }),
      iterations: [],
      clean: null,
    });
    expect(render(skipped, upstream)).toContain('was skipped: no arm64 emulation');
  });
});

test('an ordinary body is far below the limit', () => {
  for (const upstream of upstreams) expect(bodyLength(render(sampleDetail(), upstream))).toBeLessThan(12_000);
});
