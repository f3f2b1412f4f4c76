// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are the shell's
/** Shell functions that only some scripts need, in the order in which they stand there. */
export const helperNames = [
  'from_base64',
  'make_context',
  'make_context_like',
  'contents',
  'check_cache',
  'cancel_after',
  'after',
  'steps',
  'drift',
  'carried_out',
  'more_than_once',
  'failures',
  'spoilt',
  'digests',
] as const;
export type Helper = (typeof helperNames)[number];

const needs: Partial<Readonly<Record<Helper, readonly Helper[]>>> = {
  carried_out: ['steps'],
  failures: ['steps'],
};

/** The functions that are asked for and those that they call. */
export function helperLines(wanted: readonly Helper[]): readonly (readonly string[])[] {
  const all = new Set(wanted.flatMap((one) => [one, ...(needs[one] ?? [])]));
  const hashes = all.has('contents') || all.has('check_cache');
  return [
    ...(hashes ? [sha256] : []),
    ...helperNames.filter((one) => all.has(one)).map((one) => lines(texts[one])),
  ];
}

function lines(text: string): string[] {
  return text.trim().split('\n');
}

const sha256 = [
  'sha256=sha256sum # macOS has shasum',
  "command -v sha256sum > /dev/null || sha256='shasum -a 256'",
];

const texts: Readonly<Record<Helper, string>> = {
  from_base64: `
from_base64() { if echo QQ== | base64 -d > /dev/null 2>&1; then base64 -d; else base64 -D; fi; }`,

  make_context: `
# make_context FOLDER FILES MIN MAX: FILES random files of MIN to MAX bytes, f000.txt and so on. Sizes and times
# are random too: builders take files of one name, size and time for the same.
make_context() {
  rm -rf "$1" && mkdir -p "$1" || stop "$1 cannot be made"
  (cd "$1" && od -An -v -tx1 -N "$(($2 * ($4 / 2 + 32)))" /dev/urandom | tr -d ' ' |
    FILES=$2 MIN=$3 MAX=$4 awk '
      function number(at, n,  value) {
        for (value = 0; n > 0; n--) value = value * 16 + index("0123456789abcdef", substr($0, at++, 1)) - 1
        return value
      }
      function time_of(name) {
        times[name] = sprintf("2024%02d%02d%02d%02d.%02d", 1 + number(7, 4) % 12, 1 + number(11, 4) % 28,
          number(15, 4) % 24, number(19, 4) % 60, number(23, 4) % 60)
      }
      BEGIN { width = length(ENVIRON["FILES"] - 1); if (width < 3) width = 3 }
      NR == 1 { time_of("."); next }
      left == 0 {
        if (made == ENVIRON["FILES"]) exit
        name = sprintf("f%0" width "d.txt", made++)
        left = ENVIRON["MIN"] + number(1, 6) % (ENVIRON["MAX"] - ENVIRON["MIN"] + 1)
        time_of(name); next
      }
      { piece = substr($0, 1, left); printf "%s", piece > name; left -= length(piece); if (left == 0) close(name) }
      END { for (name in times) if (name != ".") print "touch -t", times[name], name; print "touch -t", times["."], "." }
    ' > "$1.times" && sh "$1.times") || stop "$1 cannot be filled"
}`,

  make_context_like: String.raw`
# make_context_like FOLDER OTHER: the names, sizes and times of OTHER's files, and other content.
make_context_like() {
  rm -rf "$1" && mkdir -p "$1" || stop "$1 cannot be made"
  for file in "$2"/*; do
    size=$(($(wc -c < "$file")))
    od -An -v -tx1 -N "$size" /dev/urandom | tr -d ' \n' | head -c "$size" > "$1/$(basename "$file")"
    touch -r "$file" "$1/$(basename "$file")"
  done
  touch -r "$2" "$1"
}`,

  contents: `
# contents FOLDER BUILD...: notes how many files of what content these builds have to find.
contents() {
  hash=$(cd "$1" && find . -type f | LC_ALL=C sort | xargs $sha256 | $sha256 | cut -c 1-64)
  facts="files=$(($(find "$1" -type f | wc -l))) sha256=$hash"
  shift
  for lane in "$@"; do echo "$facts" > "$logs/$lane.context"; done
}`,

  check_cache: String.raw`
# check_cache FOLDER BUILD...: is every blob there that the exported cache names, and of that content?
check_cache() {
  folder=$1; shift
  for lane in "$@"; do
    if [ "$(cat "$logs/$lane.exit")" = 0 ] && [ ! -f "$folder/index.json" ]; then
      echo "$lane exported its cache, and there is no index.json"
    fi
  done
  [ ! -f "$folder/index.json" ] || missing_below "$folder" index.json
} >> "$logs/missing"
missing_below() {
  grep -o '"digest" *: *"sha256:[0-9a-f]*"' "$1/$2" | sed 's/.*sha256:\(.*\)"/\1/' | sort -u | while read -r hex; do
    blob=blobs/sha256/$hex
    if [ ! -f "$1/$blob" ]; then
      echo "sha256:$hex is missing, $2 names it"
    elif [ "$($sha256 < "$1/$blob" | cut -c 1-64)" != "$hex" ]; then
      echo "sha256:$hex is damaged, $2 names it"
    elif head -c 1 "$1/$blob" | grep -q '{' && grep -q '"schemaVersion"' "$1/$blob"; then
      missing_below "$1" "$blob" # a manifest or an index
    fi
  done
}`,

  cancel_after: `
# cancel_after SECONDS BUILD: ends a build on purpose.
cancel_after() { trap "$ending" TERM; sleep "$1" & wait $!; kill "$(cat "$logs/$2.pid" 2> /dev/null)" 2> /dev/null; }`,

  after: `
# after SECONDS COMMAND...
after() { trap "$ending" TERM; sleep "$1" & wait $!; shift; "$@"; }`,

  steps: String.raw`
# steps LOG: each step on a line, as DONE, CACHED, ERROR, CANCELED or -, then the number of lines that it printed,
# then its name; between them a tab.
steps() {
  awk '/^#[0-9]+ / {
      n = $1; text = substr($0, length(n) + 2)
      if (text ~ /^[0-9]+\.[0-9]+( |$)/) printed[n == "#0" ? last : n]++
      else if (text ~ /^(DONE|CACHED|CANCELED|ERROR)/) { how[n] = $2; sub(/:$/, "", how[n]) }
      else if (!(n in name)) { name[n] = text; order[++count] = n }
      last = n
    }
    END { for (k = 1; k <= count; k++) { n = order[k]; print (n in how ? how[n] : "-") "\t" printed[n] + 0 "\t" name[n] } }' "$1"
}`,

  drift: String.raw`
# drift LOG: the spellings of platforms in the names of its steps, where two of them mean the same.
drift() {
  spelt=$(sed -n 's|^#[0-9]* \[\([a-z][a-z0-9]*/[a-z0-9_/]*\)[] >-].*|\1|p' "$1" | sort -u)
  meant=$(echo "$spelt" | sed 's|/arm64/v8$|/arm64|; s|/aarch64$|/arm64|; s|/arm/v7$|/arm|; s|/amd64/v1$|/amd64|; s|/x86_64$|/amd64|' | sort -u)
  [ "$(echo "$spelt" | wc -l)" -eq "$(echo "$meant" | wc -l)" ] || echo "$spelt"
}`,

  carried_out: String.raw`
# carried_out LOG BEGINNING: the steps that begin so and did not come from the cache.
carried_out() {
  steps "$1" | BEGINNING=$2 awk -F '\t' '$1 == "DONE" || $1 == "ERROR" {
    text = $3; sub(/^\[[^]]*\] /, "", text); gsub(/ +/, " ", text)
    if (index(text, ENVIRON["BEGINNING"]) == 1) print }'
}`,

  more_than_once: String.raw`
# Steps that stand at one place of one stage, whatever the platform.
more_than_once() {
  awk -F '\t' '{ step = $3; sub(/^\[[a-z0-9]+\/[^ ]+ /, "[", step); if (++times[step] == 2) print step " ran more than once" }'
}`,

  failures: String.raw`
# failures: each failed build, the step at which it failed, how many lines it shows of what that step printed, and
# how many of the Dockerfile (>>>); between them a tab. A build that does not tell its step has that of another one
# with the same error.
failures() {
  for log in "$logs"/*.log; do
    lane=$(basename "$log" .log)
    [ "$(cat "$logs/$lane.exit")" != 0 ] || continue
    step=$(steps "$log" | awk -F '\t' '$1 == "ERROR" { step = $3 } END { print step }')
    printf '%s\t%s\t%s\n' "$lane" "$step" "$(grep -i '^error: ' "$log" | tail -n 1)"
  done > "$logs/failed"
  awk -F '\t' 'NR == FNR { if ($2 != "" && $3 != "") at[$3] = $2; next }
    { print $1 "\t" ($2 != "" ? $2 : $3 in at ? at[$3] : "") }' "$logs/failed" "$logs/failed" |
    while read -r lane step; do
      lines=$(steps "$logs/$lane.log" | STEP=$step awk -F '\t' '$3 == ENVIRON["STEP"] { n += $2 } END { print n + 0 }')
      printf '%s\t%s\t%s\t%s\n' "$lane" "$step" "$lines" "$(grep -c -E '^ *[0-9]+ \| >>> ' "$logs/$lane.log")"
    done
}
# failed_alike COLUMN: do all failures have one step, and does one of them show something?
failed_alike() {
  failures | awk -F '\t' -v c="$1" '$2 == "" || (NR > 1 && $2 != step) { other = 1 } { step = $2; shown += $c }
    END { exit !(NR > 1 && shown && !other) }'
}
# lost COLUMN WHAT: the failures that show nothing of it.
lost() { failures | awk -F '\t' -v c="$1" -v what="$2" '$c == 0 { print $1 " does not show " what ": " $2 }'; }`,

  spoilt: `
# Did a build fail of the builder, the network or the disk?
spoilt() {
  for log in "$logs"/*.log; do
    [ "$(cat "\${log%.log}.exit")" = 0 ] && continue
    # That two builds write one blob of a cache at once is the fault itself.
    ! grep -i -E "$trouble" "$log" | grep -q -v 'ref .* locked' || return 0
  done
  return 1
}
trouble='dial (tcp|unix)|i/o timeout|TLS handshake timeout|connection (refused|reset)|no such host|name resolution|code = Unavailable'
trouble="$trouble|Unavailable: connection error|failed to resolve source metadata|error getting credentials|no space left"
trouble="$trouble|too ?many ?requests|Cannot connect to|executable file not found|is not a docker command"
trouble="$trouble|cannot fork|fork.*resource temporarily unavailable|new OS thread|cannot allocate memory"`,

  digests: String.raw`
# The digest of each build's image (of its config).
digests() {
  for file in "$logs"/*.json; do
    [ -f "$file" ] || continue
    sed -n "s/.*\"containerimage.config.digest\": *\"\([^\"]*\)\".*/$(basename "$file" .json): \1/p" "$file"
  done
}`,
};
