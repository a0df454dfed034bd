#!/usr/bin/env bash
# Fuzzes what reads bytes of others: scripts/fuzz.sh SECONDS [target ...], each target for so long,
# one after the other. Needs clang: scripts/setup.sh fuzz.
#
# New inputs are gathered in build/fuzz/corpus/<target>/. An input that breaks a target stays in
# build/fuzz/findings/ and ends this with exit code 1; once mended, put it into
# tests/fuzz/corpus/<target>/, so that the normal tests run it from then on.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${1:-}
[[ $seconds =~ ^[1-9][0-9]*$ ]] || { echo "usage: scripts/fuzz.sh SECONDS [target ...]" >&2; exit 2; }
shift
command -v clang++ >/dev/null || { echo "fuzz: needs clang: scripts/setup.sh fuzz" >&2; exit 2; }

cmake --preset fuzz >/dev/null
cmake --build --preset fuzz

targets=("$@")
if [ ${#targets[@]} -eq 0 ]; then
  for program in build/fuzz/bin/fuzz_*; do
    targets+=("${program##*/fuzz_}")
  done
fi

mkdir -p build/fuzz/findings
# Targets that read files write one for each input: better into memory than onto a disk.
[ ! -w /dev/shm ] || export TMPDIR=/dev/shm
found=0
for target in "${targets[@]}"; do
  [ -x "build/fuzz/bin/fuzz_$target" ] || { echo "fuzz: there is no target $target" >&2; exit 2; }
  mkdir -p "build/fuzz/corpus/$target"
  echo "fuzz: $target, ${seconds} s"
  # Time-outs are wide, because they go by the clock even when the machine is busy elsewhere. The
  # dictionary it recommends is long and of no use here.
  "build/fuzz/bin/fuzz_$target" -max_total_time="$seconds" -timeout=60 -report_slow_units=60 \
    -max_len=4096 -print_final_stats=1 -verbosity=0 -artifact_prefix="build/fuzz/findings/$target-" \
    "build/fuzz/corpus/$target" "tests/fuzz/corpus/$target" 2>&1 |
    sed '/^###### Recommended/,/^###### End/d' || found=1
done
[ "$found" = 0 ] && echo "fuzz: nothing found" || echo "fuzz: see build/fuzz/findings/" >&2
exit "$found"
