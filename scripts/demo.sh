#!/usr/bin/env bash
# The whole workflow in front of your eyes, against the sandbox: no ThingsBoard needed.
#
#   scripts/demo.sh          about a minute once everything is built
#   scripts/demo.sh --keep   leaves the sandbox and the dashboard up until Ctrl+C
set -euo pipefail
cd "$(dirname "$0")/.."

keep=
case "${1:-}" in
  "") ;;
  --keep) keep=1 ;;
  *) echo "usage: scripts/demo.sh [--keep]" >&2; exit 2 ;;
esac

devices=100
seconds=20
bin=$PWD/build/release/bin
work=$PWD/build/demo
started=()

# Everything this script started ends with it, however it ends.
cleanup() {
  trap - EXIT INT TERM
  local pid
  for pid in "${started[@]}"; do kill -TERM "$pid" 2>/dev/null || true; done
  for pid in "${started[@]}"; do wait "$pid" 2>/dev/null || true; done
}
trap cleanup EXIT
trap 'echo; echo "demo: stopped, ending what was started"; exit 130' INT
trap 'exit 143' TERM

bold= plain=
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then bold=$'\033[1m' plain=$'\033[0m'; fi
step() { printf '\n%s==> %s%s\n' "$bold" "$1" "$plain"; }
# Shows the command as a user would type it, and runs it.
try() { echo "\$ $*"; (cd "$work" && "$bin/$1" "${@:2}"); }
# The same in the background, in $work; its pid is the last one in `started`.
launch() {
  echo "\$ $* &"
  # exec: the pid is the program's own, so that a signal reaches it.
  (cd "$work" && exec "$bin/$1" "${@:2}") &
  started+=($!)
}
# wait_for SECONDS WHAT COMMAND...: until the command succeeds.
wait_for() {
  local end=$((SECONDS + $1)) what=$2
  shift 2
  until "$@" 2>/dev/null; do
    [ $SECONDS -lt $end ] || { echo "demo: $what did not happen in time" >&2; exit 1; }
    read -rt 0.1 <> <(:) || true
  done
}

step "Installing what is missing and building (the first time takes some minutes)"
scripts/setup.sh build
cmake --preset release -DSTRESSKIT_TESTS=OFF -DSTRESSKIT_BENCH=OFF >/dev/null
cmake --build --preset release --parallel "$(nproc)"

rm -rf "$work"
mkdir -p "$work"

step "Starting the sandbox, which stands in for ThingsBoard, on free ports"
launch run_sandbox --port 0 --mqtt-port 0 --env-out .env
wait_for 30 "the sandbox's start" test -s "$work/.env"
echo "DEVICE_COUNT=$devices" >>"$work/.env"
echo "DASHBOARD_PORT=0" >>"$work/.env"
echo "DASHBOARD_HOST=127.0.0.1" >>"$work/.env"

step "Is the server there, and who are we to it?"
try check_connectivity

step "Making $devices devices"
try provision

step "Starting the dashboard, which lives before, during and after any run"
launch run_dashboard
read -rt 1 <> <(:) || true

step "All $devices devices publish in the same instant, once a second, for $seconds s"
launch run_telemetry
run=${started[-1]}
end=$((SECONDS + seconds))
while [ $SECONDS -lt $end ]; do
  kill -0 "$run" 2>/dev/null || { echo "demo: the run ended by itself" >&2; exit 1; }
  read -rt 0.5 <> <(:) || true
done

step "Asking it to stop, as a script or another terminal would"
try stop_telemetry
wait "$run"
unset 'started[-1]'

step "Turning the run into a page that can be handed on"
try make_report

step "Once more where everything is: tokens, metrics, the run's archive and report"
(cd "$work" && find data -type f | sort)

step "Deleting the devices again"
try delete_by_prefix --yes

if [ -n "$keep" ]; then
  step "The sandbox and the dashboard stay up. Settings: build/demo/.env. Ctrl+C ends both"
  trap 'echo; exit 0' INT
  wait "${started[@]}"
fi

step "Done: everything the demo started has ended"
