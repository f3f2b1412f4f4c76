import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Six iterations of two arms whose builds are as short as the simulated builder has them. */
const scenario = `title: Builds that are killed
description: For the crash test.
reports: [https://example.com/1]
dockerfiles: .
iterations: 6
lanes: 2
build:
  noCache: true
arms:
  - name: drifting
    role: reproduce
    expects: [platform-drift]
    build:
      dockerfile: Dockerfile.drifting
  - name: clean
    role: control
    of: drifting
    lanes: 1
    build:
      dockerfile: Dockerfile.clean
`;
const dockerfile = (platform: string): string =>
  `FROM ${platform}alpine:3.20 AS first
RUN echo whole > /note
FROM ${platform}alpine:3.20
COPY --from=first /note /note
`;

/** Writes the scenario with its Dockerfiles, and gives its file. */
export function writeScenario(folder: string): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'Dockerfile.drifting'), dockerfile(''));
  writeFileSync(path.join(folder, 'Dockerfile.clean'), dockerfile('--platform=linux/arm64 '));
  const file = path.join(folder, 'killed.yaml');
  writeFileSync(file, scenario);
  return file;
}
