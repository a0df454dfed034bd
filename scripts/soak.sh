#!/usr/bin/env bash
# Does the kit itself endure? scripts/soak.sh MINUTES [SEED]: 500 devices against the sandbox, behind
# a bad network; every few seconds a fault drawn from the seed. At the end nothing may be off:
#
#   the ledger    its identities in totals, devices and bursts; no acknowledged message is missing
#   the files     every row of the archive parses, and make_report reads it
#   the process   memory, threads and open files did not grow from the first third to the last
#   the end       all devices are back, and the exit code is 0
#
# Prints the seed and a table; exit code 1 when something is off. What happened stays in build/soak.
set -euo pipefail
cd "$(dirname "$0")/.."

minutes=${1:-}
seed=${2:-$((RANDOM))}
[[ $minutes =~ ^[1-9][0-9]*$ && $seed =~ ^[0-9]+$ ]] || { echo "usage: scripts/soak.sh MINUTES [SEED]" >&2; exit 2; }

devices=500
interval=2
# What may be between the thirds: the allocator, a few bits a message, attempts under way.
memory_slack_kb=4096 memory_slack_percent=10 file_slack=16

bin=${STRESSKIT_BIN:-}  # programs that are built already
work=$PWD/build/soak
started=()

cleanup() {
  trap - EXIT INT TERM
  local pid
  for pid in "${started[@]}"; do kill -CONT "$pid" 2>/dev/null && kill -TERM "$pid" 2>/dev/null; done
  for pid in "${started[@]}"; do wait "$pid" 2>/dev/null || true; done
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

pause() { read -rt "$1" <> <(:) || true; }
# within SECONDS COMMAND...: repeats it until it succeeds.
within() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    [ $SECONDS -lt $end ] || return 1
    pause 0.2
  done
}
metric() { jq -e "$1" "$work/data/metrics.json" >/dev/null; }

if [ -z "$bin" ]; then
  bin=$PWD/build/release/bin
  scripts/setup.sh
  cmake --preset release >/dev/null
  cmake --build --preset release --parallel "$(nproc)" \
    --target run_sandbox provision run_telemetry stop_telemetry make_report faulty_link
fi
rm -rf "$work"
mkdir -p "$work"
cd "$work"

# --- what runs -----------------------------------------------------------------------------------

"$bin/run_sandbox" --port 0 --mqtt-port 0 --env-out .env >sandbox.log 2>&1 &
started+=($!)
within 30 test -s .env || { echo "soak: the sandbox does not start" >&2; exit 1; }
url=$(sed -n 's/^TB_URL=//p' .env)

mkfifo link.in
"$bin/faulty_link" "$(sed -n 's/^MQTT_PORT=//p' .env)" <link.in >link.out 2>link.err &
started+=($!)
exec 9>link.in
within 10 test -s link.out || { echo "soak: the network does not start" >&2; exit 1; }
echo "MQTT_PORT=$(cat link.out)" >>.env

"$bin/provision" --device-count "$devices" >provision.log 2>&1
# The connect time-out is short so that many attempts fail in the time there is.
"$bin/run_telemetry" --verify-stored --publish-interval-sec "$interval" \
  --mqtt-connect-timeout-sec 5 --tb-timeout 5 >run.out 2>run.err &
run=$!
started+=("$run")
within 60 metric ".connected_devices == $devices" 2>/dev/null ||
  { echo "soak: the run does not start" >&2; cat run.err >&2; exit 1; }

# --- faults --------------------------------------------------------------------------------------

link() { echo "$1" >&9; }
ask_sandbox() { curl -fsS -m 10 "$@" "$url/sandbox/faults" >/dev/null 2>>curl.err; }
switch() { within 60 ask_sandbox -d "$1" || echo "soak: the sandbox does not take $1" >&2; }
normal() { link normal; within 60 ask_sandbox -X DELETE || echo "soak: the sandbox does not get well" >&2; }

faults=(kill stop freeze cut reset hold hold-up hold-down delay throttle refuse connack-late
  puback-late close-on-accept unavailable rate-limit rest-429 rest-503 rest-html rest-half rest-late
  tokens-expired own-sleep)
declare -A counted=()

begin() {
  case $1 in
    kill | stop | freeze) switch "{\"transport\": \"$1\"}" ;;
    cut | reset | hold | hold-up | hold-down | delay | throttle | refuse) link "$1" ;;
    connack-late) switch '{"mqtt": {"connack_delay_ms": 2000}}'; link cut ;;
    puback-late) switch '{"mqtt": {"puback_delay_ms": 1500}}' ;;
    close-on-accept) switch '{"mqtt": {"close_on_accept": true}}'; link cut ;;
    unavailable) switch '{"mqtt": {"refuse": {"code": 3, "code_v5": 136}}}'; link reset ;;
    rate-limit) switch '{"mqtt": {"rate_limits": {"transportTenantTelemetryMsgRateLimit": "300:10"}}}' ;;
    rest-429) switch '{"rest": {"status": 429, "retry_after": 1}}' ;;
    rest-503) switch '{"rest": {"status": 503}}' ;;
    rest-html) switch '{"rest": {"status": 502, "html": true}}' ;;
    rest-half) switch '{"rest": {"cut": "half"}}' ;;
    rest-late) switch '{"rest": {"delay_ms": 3000}}' ;;
    tokens-expired) switch '{"tokens": {"expire": "all"}}' ;;
    own-sleep) kill -STOP "$run" ;;
  esac
}
end() {
  [ "$1" != own-sleep ] || kill -CONT "$run"
  normal
}

sample() {
  local rss threads files
  rss=$(awk '/^VmRSS/ { print $2 }' "/proc/$run/status")
  threads=$(awk '/^Threads/ { print $2 }' "/proc/$run/status")
  files=$(find "/proc/$run/fd" -mindepth 1 | wc -l)
  echo "$SECONDS $rss $threads $files" >>process.txt
}

all_alive() { kill -0 "${started[@]}" 2>/dev/null; }

echo "soak: $minutes min, seed $seed, $devices devices, a burst every $interval s"
RANDOM=$seed
until_second=$((SECONDS + 60 * minutes))
while [ $SECONDS -lt $until_second ]; do
  all_alive || break
  fault=${faults[RANDOM % ${#faults[@]}]}
  lasting=$((1 + RANDOM % 5)) resting=$((2 + RANDOM % 7))
  echo "$(date -u +%H:%M:%S) $fault ${lasting}s" >>faults.txt
  counted[$fault]=$((${counted[$fault]:-0} + 1))
  begin "$fault"
  pause "$lasting"
  end "$fault"
  pause "$resting"
  sample || true
done

# --- the end -------------------------------------------------------------------------------------

off=0
# row WHAT FOUND OK: a line of the table.
row() {
  local mark=ok
  [ "$3" = 1 ] || { mark="OFF"; off=1; }
  printf '  %-34s %-46s %s\n' "$1" "$2" "$mark"
}
is() { "$@" >/dev/null 2>&1 && echo 1 || echo 0; }

alive=$(is all_alive)
back=$(is within 150 metric ".connected_devices == $devices")
connected=$(jq -r .connected_devices data/metrics.json)
"$bin/stop_telemetry" --timeout 300 >stop.log 2>&1 || true
exit_code=0
wait "$run" || exit_code=$?

archive=$(echo data/runs/*)
identities='def adds_up: .planned == .attempted + .skipped and .attempted == .sent + .failed
    and .sent == .acknowledged + .lost + .unacknowledged and .in_flight == 0;
  def sum(f): map(f) | add;'
of_run="$identities"' .balanced and (.totals | adds_up) and (.devices | all(adds_up))
  and ([.devices[].planned] | add) == .totals.planned
  and ([.devices[].acknowledged] | add) == .totals.acknowledged
  and .device_count == .connecting_devices + .connected_devices + .disconnected_devices + .failed_devices'
of_bursts="$identities"' reduce inputs as $b ({}; .[$b.k | tostring] = $b) | [.[]]
  | all(adds_up) and sum(.planned) == $t[0].totals.planned and sum(.acknowledged) == $t[0].totals.acknowledged'

# third COLUMN FIRST|LAST: the column's highest value in that third.
third() {
  local lines keep
  lines=$(wc -l <process.txt)
  keep=$(((lines + 2) / 3))
  case $2 in
    first) head -n "$keep" process.txt ;;
    last) tail -n "$keep" process.txt ;;
  esac | awk -v c="$1" '$c > most { most = $c } END { print most + 0 }'
}
# grown WHAT COLUMN SLACK: a row that compares the thirds.
grown() {
  local first last
  first=$(third "$2" first) last=$(third "$2" last)
  row "$1: first third, last third" "$first, $last (may grow by $3)" \
    $((last <= first + $3 ? 1 : 0))
}

echo
for fault in "${faults[@]}"; do
  [ -z "${counted[$fault]:-}" ] || printf '  %-18s %s\n' "$fault" "${counted[$fault]}"
done
echo
totals=$(jq -c .totals data/metrics.json)
row "sandbox, network and run lived" "$((SECONDS / 60)) min" "$alive"
row "exit code" "$exit_code" "$((exit_code == 0 ? 1 : 0))"
row "all devices are back" "$connected of $devices" "$back"
row "identities, metrics.json" "planned $(jq .planned <<<"$totals"), sent $(jq .sent <<<"$totals")" \
  "$(is jq -e "$of_run" data/metrics.json)"
row "identities, summary.json" "acknowledged $(jq .acknowledged <<<"$totals"), lost $(jq .lost <<<"$totals")" \
  "$(is jq -e "$of_run" "$archive/summary.json")"
row "identities, every burst" "$(jq .bursts_due data/metrics.json) bursts, $(jq .generator.missed_bursts data/metrics.json) missed" \
  "$(is jq -n -e --slurpfile t data/metrics.json "$of_bursts" "$archive/bursts.ndjson")"
row "nothing acknowledged is missing" "$(jq -c '[.verification.state, .verification.missing_acknowledged]' data/metrics.json)" \
  "$(is metric '.verification.state == "complete" and .verification.missing_acknowledged == 0')"
parsed=1
for file in "$archive"/*.json "$archive"/*.ndjson data/*.json; do
  jq -e . "$file" >/dev/null 2>unparsed.txt || { parsed=0; echo "soak: $file: $(cat unparsed.txt)" >&2; }
done
row "every row parses" "$(cat "$archive"/*.ndjson | wc -l) rows" "$parsed"
row "make_report reads the archive" "$archive" "$(is "$bin/make_report" --format html,json,junit,csv,markdown)"
row "no temporary files are left" "$(find data -name '.*.??????' | wc -l) found" \
  "$(is test -z "$(find data -name '.*.??????')")"
slack_kb=$(($(third 2 first) * memory_slack_percent / 100 + memory_slack_kb))
grown "memory in kB" 2 "$slack_kb"
grown "threads" 3 0
grown "open files" 4 "$file_slack"

echo
if [ "$off" = 0 ]; then
  echo "soak: nothing is off (seed $seed)"
else
  echo "soak: something is off (seed $seed); see build/soak" >&2
fi
exit "$off"
