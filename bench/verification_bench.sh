#!/usr/bin/env bash
# How long it takes to prove what was stored, and what looking costs a run, against the sandbox:
#
#     bench/verification_bench.sh build/release/bin
#
# Prints figures and asserts nothing. Needs curl and jq.
set -euo pipefail
bin=$(realpath "${1:?usage: bench/verification_bench.sh FOLDER_OF_THE_PROGRAMS}")
folder=$(mktemp -d)
cd "$folder"

"$bin/run_sandbox" --port 0 --mqtt-port 0 --env-out .env >/dev/null 2>sandbox.err &
sandbox=$!
trap 'kill "$sandbox"; rm -rf "$folder"' EXIT
for _ in $(seq 300); do [ -e .env ] && break || sleep 0.1; done

# verify DEVICES BURSTS INTERVAL
verify() {
  "$bin/provision" --device-prefix "v$1" --device-count "$1" --device-ceiling 15000 --data-dir "d$1" 2>/dev/null >&2
  "$bin/run_telemetry" --data-dir "d$1" --device-ceiling 15000 --bursts "$2" --publish-interval-sec "$3" \
    --verify-stored --no-preflight --probe-devices 0 >/dev/null 2>&1
  jq -r '"\(.device_count) devices x \(.bursts_due) bursts: \(.verification.stored) stored, counted in \(.verification.took_s) s"' \
    "d$1/metrics.json"
}

# with_probes COUNT: one run of 500 devices, its spread and lateness.
with_probes() {
  "$bin/run_telemetry" --data-dir d500 --bursts 30 --publish-interval-sec 0.5 --no-preflight \
    --probe-devices "$1" >/dev/null 2>&1
  jq -r --arg n "$1" '"probes \($n): spread p50 \(.spread_ms.p50) p99 \(.spread_ms.p99) ms, lateness p50 \(.release_lateness_ms.p50) p99 \(.release_lateness_ms.p99) ms"' \
    d500/metrics.json
}

verify 500 60 0.2
verify 15000 12 1
for _ in 1 2 3; do
  with_probes 0
  with_probes 5
done
