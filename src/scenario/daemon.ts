import * as z from 'zod';

const flagSchema = z.string().regex(/^--[a-z0-9][a-z0-9.-]*(=.*)?$/, {
  error: 'expected a flag of buildkitd in one piece: --oci-worker-gc=false',
});

/** What the daemon of an arm is started with; only the builder `buildkitd` starts one. */
export const daemonSchema = z
  .strictObject({
    snapshotter: z.enum(['overlayfs', 'stargz', 'native']).optional(),
    flags: z.array(flagSchema).optional().meta({ description: 'Further flags of buildkitd.' }),
    keepMegabytes: z.int().min(1).optional().meta({
      description: 'Limit of its cache, so that garbage is collected; without it, nothing is.',
    }),
  })
  .meta({ description: 'A daemon of this run’s own (builder buildkitd).' });
export type DaemonSource = z.infer<typeof daemonSchema>;
