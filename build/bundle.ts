import { isBuiltin } from 'node:module';
import path from 'node:path';
import { build, type Metafile } from 'esbuild';

/** What Node or a program starts; everything else is a part of these. */
const entryPoints = {
  main: 'src/main.ts',
  index: 'src/index.ts',
  'simulator/main': 'src/simulator/main.ts',
  'scenario/write-schema': 'src/scenario/write-schema.ts',
};

/**
 * Not bundled, but installed beside the program: it is a bundle itself, and carries others' code without the licence
 * texts that we would have to hand on.
 */
const leftOut = ['@secretlint/secretlint-rule-preset-recommend'];

/** CommonJS libraries ask for Node's own modules by `require`, which no ES module has; esbuild takes one that is there. */
const requireForAll =
  "import { createRequire as requireOf_ } from 'node:module';\nconst require = requireOf_(import.meta.url);\n";

export interface Bundled {
  /** Contents by the path in `dist/`. */
  readonly files: Map<string, Uint8Array>;
  readonly metafile: Metafile;
}

/**
 * The sources and the libraries that they need, in as many files as there are places that load some of them later.
 * Throws where something is loaded that is neither in them, nor Node's, nor one of the packages `installed`.
 */
export async function bundled(root: string, installed: readonly string[]): Promise<Bundled> {
  const outdir = path.join(root, 'dist');
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints,
    outdir,
    write: false,
    metafile: true,
    bundle: true,
    splitting: true,
    chunkNames: 'parts/[name]-[hash]',
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    external: leftOut,
    // The faults' stacks are told by the sources' names; the sources themselves are not in the package.
    sourcemap: true,
    sourcesContent: false,
    banner: { js: requireForAll },
    logLevel: 'warning',
  });
  const missing = loaded(metafile).filter((name) => !isBuiltin(name) && !installed.includes(name));
  if (missing.length > 0) throw new Error(`neither bundled nor a dependency: ${missing.join(', ')}`);
  return {
    files: new Map(outputFiles.map((file) => [path.relative(outdir, file.path), file.contents])),
    metafile,
  };
}

/** Everything outside of the bundle that it loads. */
function loaded({ outputs }: Metafile): string[] {
  const imports = Object.values(outputs).flatMap((output) => output.imports);
  return [...new Set(imports.filter(({ external }) => external === true).map((one) => one.path))];
}
