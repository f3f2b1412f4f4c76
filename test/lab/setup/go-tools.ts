import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { call } from './commands.js';
import { withLock } from './lock.js';
import { cacheFolder } from './paths.js';
import { actionlintVersion, type BuildkitVersion, buildxVersion } from './versions.js';
import { workFolder } from './work-folder.js';

/** Programs of one Go module at one version, built together into one folder. */
interface GoTool {
  readonly name: string;
  readonly module: string;
  readonly version: string;
  readonly programs: readonly string[];
  /** Go's replace directives hold for the main module only, so a dependency's own must be said again. */
  readonly replace: readonly string[];
  /** Where the programs keep their version, below the module; else `/version.Version`. */
  readonly versionVariable?: string;
}

export function buildkitTool(version: BuildkitVersion): GoTool {
  return {
    name: `buildkit-v${version}`,
    module: 'github.com/moby/buildkit',
    version: `v${version}`,
    programs: ['buildkitd', 'buildctl'],
    replace: version === '0.10.4' ? [buildkit0104Docker] : [],
  };
}

// From the go.mod of BuildKit v0.10.4, which does not compile without it.
const buildkit0104Docker =
  'github.com/docker/docker => github.com/docker/docker v20.10.3-0.20220414164044-61404de7df1a+incompatible';

export const buildxTool: GoTool = {
  name: `buildx-v${buildxVersion}`,
  module: 'github.com/docker/buildx',
  version: `v${buildxVersion}`,
  programs: ['buildx'],
  replace: [],
};

/** Reads the workflows of GitHub Actions. */
export const actionlintTool: GoTool = {
  name: `actionlint-v${actionlintVersion}`,
  module: 'github.com/rhysd/actionlint',
  version: `v${actionlintVersion}`,
  programs: ['actionlint'],
  replace: [],
  versionVariable: '.version',
};

/** Where the tool's programs are, or will be: named by all that goes into them, so a new recipe is a new folder. */
export function toolFolder(tool: GoTool): string {
  const recipe = JSON.stringify([tool, goMod(tool), buildArguments(tool, '')]);
  return join(
    cacheFolder(),
    'tools',
    `${tool.name}-${createHash('sha256').update(recipe).digest('hex').slice(0, 8)}`,
  );
}

export function isBuilt(tool: GoTool): boolean {
  return existsSync(toolFolder(tool));
}

/**
 * Builds the tool unless it is in the cache; returns the folder with its programs. Safe beside another build
 * of the same: a lock holds the second one back, and a folder appears by a rename, whole or not at all.
 */
export async function ensureTool(tool: GoTool, note: (text: string) => void): Promise<string> {
  const folder = toolFolder(tool);
  if (isBuilt(tool)) {
    note('in the cache');
    return folder;
  }
  return withLock(
    join(cacheFolder(), 'tools.lock'),
    async () => {
      if (!isBuilt(tool)) {
        await build(tool, folder);
      }
      return folder;
    },
    () => process.stdout.write('waiting for another lab:up … '),
  );
}

async function build(tool: GoTool, folder: string): Promise<void> {
  const work = workFolder(join(cacheFolder(), 'tools'), '.building');
  try {
    writeFileSync(join(work.name, 'go.mod'), goMod(tool));
    const out = join(work.name, 'out');
    mkdirSync(out);
    await call('go', buildArguments(tool, out), { cwd: work.name, env: goEnvironment });
    renameSync(out, folder);
  } finally {
    work.removeCallback();
  }
}

function goMod(tool: GoTool): string {
  const tools = tool.programs.map((program) => `tool ${tool.module}/cmd/${program}`);
  const replaces = tool.replace.map((line) => `replace ${line}`);
  const lines = ['module lab', 'go 1.24', `require ${tool.module} ${tool.version}`, ...tools, ...replaces];
  return `${lines.join('\n')}\n`;
}

function buildArguments(tool: GoTool, out: string): string[] {
  const version = `-X ${tool.module}${tool.versionVariable ?? '/version.Version'}=${tool.version}`;
  return ['build', '-trimpath', '-p', '2', '-ldflags', `-s -w ${version}`, '-o', `${out}/`, 'tool'];
}

// `-mod=mod` lets go write the indirect requirements itself; the user's own flags must not reach these builds.
const goEnvironment = {
  GOFLAGS: '-mod=mod -buildvcs=false',
  GOTOOLCHAIN: 'local',
  GOWORK: 'off',
  GO111MODULE: 'on',
  GOOS: undefined,
  GOARCH: undefined,
  CGO_ENABLED: '0',
};
