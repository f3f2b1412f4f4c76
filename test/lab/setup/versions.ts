/** The versions that the lab pins; `lab:up` ends by asking every program for its own. */
export const buildkitVersions = ['0.32.2', '0.23.2', '0.10.4'] as const;
export type BuildkitVersion = (typeof buildkitVersions)[number];

export const newestBuildkit: BuildkitVersion = '0.32.2';
export const buildxVersion = '0.36.1';
export const actionlintVersion = '1.7.12';

/** buildx asks for a patch level of 1.26; with 1.27 BuildKit's eStargz writer panics (`footer buffer = 48, not 51`). */
export const goVersions = '>=1.26.3 <1.27.0';

/** Environment variables carry versions with underscores: `0.32.2` → `0_32_2`. */
export function versionInName(version: string): string {
  return version.replaceAll('.', '_');
}
