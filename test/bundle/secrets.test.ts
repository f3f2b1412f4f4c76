import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { unzipSync } from 'fflate';
import { afterEach, describe, expect, it } from 'vitest';
import { bundleLimits, bundleOf } from '../../src/bundle/bundle.js';
import { withoutPlaces } from '../../src/bundle/without-places.js';
import { readDetails } from '../../src/details/read-details.js';
import { redactDetail } from '../../src/redaction/redact.js';
import { layout } from '../../src/results/layout.js';
import {
  iterationFinished,
  laneRecord,
  plannedArm,
  plannedBuild,
  plannedLane,
  sampleEnvironment,
  samplePlan,
  writeRun,
} from '../results/sample-run.js';

let folder = '';
afterEach(() => rmSync(folder, { recursive: true, force: true }));

// In two parts, so that no scanner of repositories takes them for real.
const secrets = {
  'a GitHub token': `ghp${'_'}16C7e42F292c6912E7710c838347Ae178B4a`,
  'a GitLab token': `glpat${'-'}Zk3mQ9rT2vX8yB5nL7wD`,
  'an AWS key': `AKIA${'Q3EG'}X5RZ7UJY2K4M`,
  'an npm token': `npm${'_'}8hYr2kLmQ4xVz6WnB1cDf3GjT5pS7uAeK9oR`,
  'a Slack token': `xoxb${'-'}263594206564-2343594206574-FGqddMF8t08v8N7Oq4i57vs1`,
  'a JSON web token': `eyJhbGciOiJIUzI1NiJ9.${'eyJzdWIiOiJwbGFudGVkIn0'}.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk`,
  'a password in an address': 'hunter2Planted',
  'the value of a variable whose name says secret': 'correct-horse-battery-staple-77',
  'the value of a build argument whose name says secret': 'arg-value-Kp4zT9mW2x',
  'a registry that is not public': 'registry.corp.planted-acme.internal',
  'the login name': 'plantedlogin',
  'the host name': 'planted-host-x1',
} as const;

const said = [
  `#6 0.101 token ${secrets['a GitHub token']} ${secrets['a GitLab token']}`,
  `#6 0.102 aws_access_key_id=${secrets['an AWS key']}`,
  `#6 0.103 //registry.npmjs.org/:_authToken=${secrets['an npm token']}`,
  `#6 0.104 ${secrets['a Slack token']} Bearer ${secrets['a JSON web token']}`,
  `#6 0.105 cloning https://bot:${secrets['a password in an address']}@git.example.com/x.git`,
  `#6 0.106 DEPLOY_PASSWORD is ${secrets['the value of a variable whose name says secret']}`,
  `#6 0.107 FROM ${secrets['a registry that is not public']}/team/image:1`,
  `#6 0.108 /home/${secrets['the login name']}/src on ${secrets['the host name']}`,
  `#6 0.109 got ${secrets['the value of a build argument whose name says secret']}`,
];
const log = ['#6 [builder 2/2] RUN make', ...said, '#6 DONE 0.3s', ''].join('\n');

/** Secrets in every place of a run directory that a bundle takes text from. */
async function plantedRun(): Promise<string> {
  folder = mkdtempSync(path.join(os.tmpdir(), 'buildrace-secrets-'));
  const run = path.join(folder, 'run');
  const argument = secrets['the value of a build argument whose name says secret'];
  const build = { ...plannedBuild, buildArgs: { API_TOKEN: argument } };
  const lanes = ['a', 'b'].map((name) =>
    laneRecord(name, { command: ['buildctl', 'build', '--opt', `build-arg:API_TOKEN=${argument}`] }),
  );
  await writeRun(run, {
    plan: samplePlan({
      arms: [
        plannedArm({
          steps: [
            { step: 'build', together: true, lanes: ['a', 'b'].map((name) => plannedLane(name, { build })) },
          ],
        }),
      ],
      again: `buildrace run /home/${secrets['the login name']}/sample.yaml`,
    }),
    events: [iterationFinished({ lanes, builderGone: said.join(' ') })],
  });
  const environment = sampleEnvironment();
  writeFileSync(
    path.join(run, layout.environment),
    JSON.stringify({
      ...environment,
      versionOutput: [{ command: 'docker info', output: said.join('\n') }],
      scenario: {
        file: `/home/${secrets['the login name']}/sample.yaml`,
        text: `title: A sample\n# ${said.join('\n# ')}\n`,
        files: [
          {
            path: 'Dockerfile',
            sha256: 'x',
            content: `FROM scratch\n# ${said.join('\n# ')}\n`,
            encoding: 'utf8',
          },
          {
            path: 'token.txt',
            sha256: 'y',
            content: Buffer.from(`\u0000${said.join('\n')}`).toString('base64'),
            encoding: 'base64',
          },
        ],
      },
    }),
  );
  mkdirSync(path.join(run, layout.iteration('main', 1)), { recursive: true });
  mkdirSync(path.join(run, 'daemons'));
  for (const lane of ['a', 'b']) writeFileSync(path.join(run, layout.stream('main', 1, lane, 'stderr')), log);
  writeFileSync(path.join(run, layout.daemonLog('main', 1)), log);
  writeFileSync(path.join(run, layout.daemon('daemon-1')), log);
  return run;
}

/** All that a reader of the files can see: their bytes, and what stands in base64 in them, at every offset. */
function visible(files: Record<string, Uint8Array>): string {
  const texts = Object.entries(files).flatMap(([name, bytes]) => [
    name,
    Buffer.from(bytes).toString('latin1'),
  ]);
  const decoded = texts.flatMap((text) =>
    [...text.matchAll(/[A-Za-z0-9+/_-]{16,}={0,2}/g)].flatMap(([run]) =>
      [0, 1, 2, 3].map((offset) => Buffer.from(run.slice(offset), 'base64').toString('latin1')),
    ),
  );
  return [...texts, ...decoded].join('\n');
}

describe('a bundle of a run full of secrets', () => {
  const options = {
    redact: [],
    keep: [],
    environment: { DEPLOY_PASSWORD: secrets['the value of a variable whose name says secret'] },
    user: {
      name: secrets['the login name'],
      home: `/home/${secrets['the login name']}`,
      host: secrets['the host name'],
    },
  };

  it('control: without redaction all of them can be seen', async () => {
    const detail = withoutPlaces(await readDetails(await plantedRun(), bundleLimits));
    const seen = visible(unzipSync(bundleOf(detail, { upstream: null }).zip));
    expect(Object.entries(secrets).filter(([, text]) => !seen.includes(text))).toEqual([]);
  });

  it('holds none of them, and still the builds', async () => {
    const read = withoutPlaces(await readDetails(await plantedRun(), bundleLimits));
    const detail = await redactDetail(read, options);
    const { zip, redactions } = bundleOf(detail, { upstream: null });
    const files = unzipSync(zip);
    const seen = visible(files);
    expect(Object.entries(secrets).flatMap(([what, text]) => (seen.includes(text) ? [what] : []))).toEqual(
      [],
    );
    expect(redactions.length).toBeGreaterThan(3);
    expect(seen).toContain('[builder 2/2] RUN make');
  });
});
