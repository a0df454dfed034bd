# What every file of this suite shares. A test runs in a directory of its own, with no key of ours
# in its environment, and ends every process it started.
bats_require_minimum_version 1.5.0

: "${STRESSKIT_BIN:?must name the folder with the programs, e.g. build/dev/bin}"

# shellcheck disable=SC2034  # used by the test files
all_programs=(check_connectivity provision run_telemetry stop_telemetry run_dashboard
  delete_by_prefix make_report verify_storage run_sandbox)

setup() {
  cd "$BATS_TEST_TMPDIR" || return 1
  for name in $(compgen -e | grep -E '^(TB|DEVICE|PROVISION|MQTT|RUN|DASHBOARD)_|^(PUBLISH_INTERVAL_SEC|THRESHOLDS|ABORT_ON_CROSSED|SIM_START_LEAD_TIME|ACK_DRAIN_SEC|METRICS_WRITE_SEC|CONSOLE_SEC|DATA_DIR)$'); do
    unset "$name"
  done
  PATH="$STRESSKIT_BIN:$PATH"
  started=()
  mounted=()
  shared=
}

teardown() {
  local pid folder
  for pid in "${started[@]}"; do
    kill -CONT "$pid" 2>/dev/null && kill -TERM "$pid" 2>/dev/null
  done
  for pid in "${started[@]}"; do
    within 10 gone "$pid" || kill -KILL "$pid"
    wait "$pid" 2>/dev/null || true
  done
  for folder in "${mounted[@]}"; do
    umount "$folder"
  done
  if [ -n "$shared" ]; then
    rm -rf "$shared"
  fi
}

# within SECONDS COMMAND...: repeats the command until it succeeds; fails when the time is over.
within() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < deadline)) || return 1
    sleep 0.05
  done
}

# A zombie counts as gone: it only waits for us to ask after it.
gone() {
  local state
  state=$(ps -o state= -p "$1") || return 0
  [[ $state = Z* ]]
}

# As a hand that presses Ctrl+C until the program is gone: one right after another is the same wish.
interrupted_again() {
  kill -INT "$1"
  gone "$1"
}

# start NAME COMMAND...: in the background, output in NAME.out and NAME.err, process id in $pid.
start() {
  local name=$1
  shift
  # bats waits for whoever holds its descriptor 3.
  "$@" >"$name.out" 2>"$name.err" 3>&- &
  pid=$!
  started+=("$pid")
}

# The one sign that a program has begun to talk to the server.
has_socket() { ls -l "/proc/$1/fd" | grep -q 'socket:'; }

# ends_within SECONDS PID: waits for a process of ours, its exit code in $status.
ends_within() {
  within "$1" gone "$2" || {
    echo "process $2 still runs after $1 s" >&2
    return 1
  }
  status=0
  wait "$2" || status=$?
}

# Starts a sandbox on free ports; its addresses are then in ./.env.
start_sandbox() {
  start sandbox run_sandbox --port 0 --mqtt-port 0 --env-out "$PWD/.env" "$@"
  sandbox=$pid
  within 30 test -s .env || {
    cat sandbox.err >&2
    return 1
  }
}

# fault JSON: switches faults of the sandbox, see docs/sandbox.md; normal_again ends them all.
fault() { curl -fsS -o /dev/null -d "$1" "$(sandbox_url)/sandbox/faults"; }

normal_again() { curl -fsS -o /dev/null -X DELETE "$(sandbox_url)/sandbox/faults"; }

sandbox_url() { sed -n 's/^TB_URL=//p' .env; }

# devices_on_server: how many.
devices_on_server() { curl -fsS "$(sandbox_url)/sandbox/state" | jq .devices; }

# Devices on the server and their tokens in ./data.
provision_devices() {
  provision --device-count "$1" >provision.out 2>provision.err || {
    cat provision.err >&2
    return 1
  }
}

# metric KEY: from data/metrics.json, by jq path.
metric() { jq -r "$1" data/metrics.json; }

metric_is() { [ "$(metric "$1" 2>/dev/null)" = "$2" ]; }

# A run that has published its first burst.
start_run() {
  start run run_telemetry --metrics-write-sec 0.1 "$@"
  run_pid=$pid
  within 30 bursting || {
    cat run.err >&2
    return 1
  }
}

bursting() { metric_is '.status == "running" and .phase == "bursting" and .totals.sent > 0' true; }

# The identities that hold in every metrics.json that was ever written.
figures_add_up() {
  jq -e '.totals | .planned == .attempted + .skipped and .attempted == .sent + .failed and
         .sent == .acknowledged + .lost + .unacknowledged + .in_flight' "${1:-data/metrics.json}" \
    >/dev/null
}

# mount_tmpfs FOLDER SIZE: needs root, or fails loudly.
mount_tmpfs() {
  mkdir -p "$1"
  mount -t tmpfs -o "size=$2" tmpfs "$1" || {
    echo "this test mounts a small file system: run it as root" >&2
    return 1
  }
  mounted+=("$1")
}

# Root is not stopped by permissions, so tests of those run as another user, in a folder that this
# user can reach (bats' own is closed), with copies of the programs in bin/.
#   enter_shared_folder PROGRAM...; as_nobody PROGRAM ...; start NAME "${nobody[@]}" bin/PROGRAM ...
nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)

enter_shared_folder() {
  [ "$(id -u)" = 0 ] || {
    echo "this test changes the user: run it as root" >&2
    return 1
  }
  shared=$(mktemp -d /tmp/stresskit.XXXXXX)
  chmod 755 "$shared"
  cd "$shared" || return 1
  mkdir bin
  local program
  for program in "$@"; do
    install -m 755 "$STRESSKIT_BIN/$program" bin/
  done
}

as_nobody() {
  local program=$1
  shift
  "${nobody[@]}" "bin/$program" "$@"
}

# refute_shown TEXT: in neither stream of the last `run --separate-stderr`.
refute_shown() {
  if [[ "$output$stderr" == *"$1"* ]]; then
    echo "shown: $1" >&2
    return 1
  fi
}

# shows TEXT STREAM...: fails with what was there instead.
shows() {
  if [[ "$2" != *"$1"* ]]; then
    printf 'missing: %s\nin:\n%s\n' "$1" "$2" >&2
    return 1
  fi
}

# exits CODE: the code of the last `run`, or what it said instead.
exits() {
  if [ "$status" -ne "$1" ]; then
    printf 'exit code %s instead of %s\nout:\n%s\nerr:\n%s\n' "$status" "$1" "$output" "${stderr:-}" >&2
    return 1
  fi
}
