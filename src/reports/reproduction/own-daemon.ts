// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are the shell's
import type { PlannedArm } from '../../scenario/plan.js';
import type { Chosen, Mode } from './choose-arms.js';
import { word } from './shell-word.js';

/** Whether the script starts a BuildKit daemon of its own: an arm wants a special one, or takes from others what they share. */
export function wantsOwnDaemon(kind: string, { modes }: Chosen): boolean {
  return (
    (kind === 'buildkitd' || kind === 'buildctl') &&
    modes.some(
      ({ arm }) =>
        arm.daemon !== null || arm.steps.some(({ step }) => step === 'prune' || step === 'restart'),
    )
  );
}

/** The functions that start and end it; the flags of each mode's daemon are its own. */
export function daemonLines(modes: readonly Mode[]): string[] {
  const flags = modes.map(({ name, arm }) => ({ name, words: daemonWords(arm) }));
  const [first] = flags;
  const isOne = flags.every(({ words }) => words === first?.words);
  const chosen = isOne
    ? [`  set -- ${first?.words ?? ''}`]
    : ['  case $mode in', ...flags.map(({ name, words }) => `  ${name}) set -- ${words} ;;`), '  esac'];
  return [
    '# A buildkitd with an empty root, that ends with this script; its log is $LOGS/daemon.log.',
    'export BUILDKIT_HOST="unix://$work/buildkitd.sock"',
    'start_daemon() {',
    '  # Its socket for traces would otherwise be the one of any other buildkitd of this machine.',
    '  {',
    '    cat "${BUILDKITD_CONFIG:-/dev/null}"',
    '    grep -q -s "^ *\\[ *otel *\\]" "${BUILDKITD_CONFIG:-/dev/null}" ||',
    '      printf \'\\n[otel]\\n  socketPath = "%s"\\n\' "$work/otel.sock"',
    '  } > "$work/buildkitd.toml" || stop \'BUILDKITD_CONFIG cannot be read\'',
    ...chosen,
    '  (PATH=$PATH:/usr/sbin:/sbin "$@" --config "$work/buildkitd.toml" --root "$work/root" --addr "$BUILDKIT_HOST" \\',
    '    --oci-worker-net=host --containerd-worker=false >> "$LOGS/daemon.log" 2>&1 & echo $! > "$work/daemon.pid")',
    '  tries=0',
    '  until buildctl debug workers > /dev/null 2>&1; do',
    '    tries=$((tries + 1))',
    '    { kill -0 "$(cat "$work/daemon.pid")" 2> /dev/null && [ "$tries" -lt 150 ]; } ||',
    '      stop "buildkitd does not answer: $LOGS/daemon.log"',
    '    sleep 0.2',
    '  done',
    '}',
    'stop_daemon() {',
    '  [ -f "$work/daemon.pid" ] || return 0',
    '  pid=$(cat "$work/daemon.pid")',
    '  kill "$pid" 2> /dev/null',
    '  tries=0',
    '  while kill -0 "$pid" 2> /dev/null; do',
    '    tries=$((tries + 1))',
    '    [ "$tries" -lt 50 ] || kill -9 "$pid" 2> /dev/null',
    '    sleep 0.1',
    '  done',
    '  rm -f "$work/daemon.pid" "$work"/*.sock',
    '  # Lazy snapshots stay mounted.',
    '  awk \'{ print $2 }\' /proc/mounts | grep -F "$work/" | sort -r | while read -r at; do umount -l "$at"; done',
    '}',
  ];
}

function daemonWords({ daemon }: PlannedArm): string {
  const { snapshotter = null, flags = [], keepMegabytes = null, cpus = null } = daemon ?? {};
  return [
    ...(cpus === null ? [] : ['taskset', '-c', `0-${cpus - 1}`]),
    'buildkitd',
    ...(snapshotter === null ? [] : [`--oci-worker-snapshotter=${snapshotter}`]),
    ...(keepMegabytes === null
      ? ['--oci-worker-gc=false']
      : ['--oci-worker-gc=true', `--oci-worker-gc-keepstorage=${Math.max(1, Math.round(keepMegabytes))}`]),
    ...flags.map((flag) => word(flag)),
  ].join(' ');
}

/** Programs that have to be there for it. */
export function daemonNeeds(modes: readonly Mode[]): string[] {
  return ['buildkitd', ...(modes.some(({ arm }) => (arm.daemon?.cpus ?? null) !== null) ? ['taskset'] : [])];
}
