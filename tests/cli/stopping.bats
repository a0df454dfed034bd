# How a run ends: stop_telemetry, the bare flag, signals, a kill; and that only one runs at a time.
load helpers

setup_run() {
  start_sandbox
  provision_devices "${1:-5}"
}

ended_well() {
  ends_within 20 "$run_pid"
  exits 0
  [ "$(metric .status)" = stopped ]
  [ "$(metric .totals.in_flight)" = 0 ]
  figures_add_up
  [ ! -e data/stop.flag ]
  # Our own stop is no collapse.
  metric_is .collapse.at_s null
}

# A run whose devices all hang in their connect.
start_hanging_run() {
  fault '{"transport": "freeze"}'
  start run run_telemetry --metrics-write-sec 0.1 "$@"
  run_pid=$pid
  within 20 metric_is '.status == "running" and .phase == "connecting"' true
}

@test "with no run it says so, exits 0 and leaves no flag" {
  run --separate-stderr stop_telemetry
  exits 0
  [ "$output" = "no run is active in data" ]
  [ ! -e data/stop.flag ]
}

@test "with no run --json says so in one object" {
  run --separate-stderr stop_telemetry --json
  exits 0
  [ "$(jq -c . <<<"$output")" = '{"result":"no-run"}' ]
}

@test "stop_telemetry stops a run and says what it did" {
  setup_run
  start_run
  run --separate-stderr stop_telemetry --json
  exits 0
  [ "$(jq -r .result <<<"$output")" = stopped ]
  [ "$(jq -r .run_id <<<"$output")" = "$(metric .run_id)" ]
  [ "$(jq -r .totals.acknowledged <<<"$output")" = "$(metric .totals.acknowledged)" ]
  ended_well
}

@test "a run that is just starting counts" {
  setup_run
  start stop stop_telemetry
  stop_pid=$pid
  start run run_telemetry
  run_pid=$pid
  ends_within 20 "$stop_pid"
  exits 0
  shows "stopped after" "$(cat stop.out)"
  ended_well
}

@test "--no-wait returns while the run still stops" {
  setup_run
  start_run
  run --separate-stderr stop_telemetry --no-wait
  exits 0
  shows "was asked to stop" "$output"
  ended_well
}

@test "a run that does not stop in time is exit 1" {
  setup_run
  start_run
  kill -STOP "$run_pid"
  run --separate-stderr stop_telemetry --timeout 0.2
  exits 1
  shows "has not stopped within" "$output"
  kill -CONT "$run_pid"
  ended_well
}

@test "a bare touch of the flag stops a run" {
  setup_run
  start_run
  touch data/stop.flag
  ended_well
}

@test "a flag of old times does not stop a new run" {
  setup_run
  touch data/stop.flag
  run --separate-stderr run_telemetry --bursts 2 --publish-interval-sec 0.1
  exits 0
  [ "$(metric .totals.acknowledged)" = 10 ]
}

@test "SIGINT and SIGTERM stop a run that is bursting" {
  setup_run
  for signal in INT TERM; do
    start_run
    kill "-$signal" "$run_pid"
    ended_well
  done
}

@test "SIGINT, SIGTERM and the flag stop a run that is connecting" {
  setup_run
  for way in "kill -INT" "kill -TERM" "touch data/stop.flag #"; do
    start_hanging_run
    eval "$way $run_pid"
    ends_within 20 "$run_pid"
    [ "$(metric .status)" = stopped ]
    [ "$(metric .totals.planned)" = 0 ]
    figures_add_up
    normal_again
  done
}

@test "the flag and SIGINT stop a run that still asks the server what it allows" {
  setup_run
  fault '{"rest": {"path": "/api/*", "delay_ms": 600000}}'
  for way in "touch data/stop.flag #" "kill -INT"; do
    start run run_telemetry --metrics-write-sec 0.1
    run_pid=$pid
    within 20 test -s data/run.lock
    eval "$way $run_pid"
    ended_well
    [ "$(metric .totals.planned)" = 0 ]
    # It did not wait for the answer first.
    run ! grep "REST cannot be asked" run.err
  done
}

@test "SIGINT and SIGTERM stop a run that waits for acknowledgements" {
  setup_run
  for signal in INT TERM; do
    fault '{"mqtt": {"puback_delay_ms": 600000}}'
    start run run_telemetry --metrics-write-sec 0.1 --duration 1 --ack-drain-sec 600
    run_pid=$pid
    within 30 metric_is .phase draining
    kill "-$signal" "$run_pid"
    ends_within 20 "$run_pid"
    [ "$(metric .status)" = stopped ]
    figures_add_up
    normal_again
  done
}

@test "a SIGINT that comes twice at once, as from timeout(1), is one stop" {
  setup_run
  run --separate-stderr timeout --signal INT 8 run_telemetry
  exits 124
  [ "$(metric .status)" = stopped ]
  [[ $output == *"verdict "* ]]
}

@test "a second SIGINT ends at once with 130, files intact" {
  setup_run
  start run run_telemetry --metrics-write-sec 0.1 --ack-drain-sec 600
  run_pid=$pid
  within 30 bursting
  # Silence on the other side, so that the stop takes its time.
  fault '{"transport": "freeze"}'
  sent=$(metric .totals.sent)
  within 30 metric_is ".totals.sent > $sent" true
  kill -INT "$run_pid"
  within 10 metric_is .status stopping
  within 10 interrupted_again "$run_pid"
  ends_within 10 "$run_pid"
  exits 130
  jq -e . data/metrics.json >/dev/null
  figures_add_up
  normal_again
}

@test "two runs at once: the second says who holds the directory, and touches nothing" {
  setup_run
  start_run
  run --separate-stderr run_telemetry
  exits 2
  shows "run $(metric .run_id) (process $run_pid) holds the data directory data" "$stderr"
  [ "$(metric .status)" = running ]
  run --separate-stderr stop_telemetry
  exits 0
  ended_well
}

@test "two runs at once in directories of their own" {
  setup_run 4
  cp -r data other
  start_run --device-count 2
  run --separate-stderr run_telemetry --data-dir other --bursts 1
  exits 0
  run --separate-stderr stop_telemetry
  exits 0
}

@test "after SIGKILL every file is readable and the next run starts" {
  setup_run
  start_run
  run_id=$(metric .run_id)
  kill -KILL "$run_pid"
  ends_within 10 "$run_pid"
  jq -e . data/metrics.json >/dev/null
  figures_add_up
  jq -e . data/tokens.json >/dev/null
  head -n 1 data/devices.csv | grep -q '^device_id,name,label,access_token'
  [ "$(awk -F, 'NR == 1 { n = NF } NF != n' "data/runs/$run_id/timeline.csv")" = "" ]
  run --separate-stderr stop_telemetry
  exits 0
  shows "no run is active" "$output"
  run --separate-stderr run_telemetry --bursts 1
  exits 0
  [ "$(metric .totals.acknowledged)" = 5 ]
}

@test "stop_telemetry says when the run it waited for died" {
  setup_run
  start_run
  kill -STOP "$run_pid"
  start stop stop_telemetry
  stop_pid=$pid
  within 10 test -e data/stop.flag
  kill -KILL "$run_pid"
  ends_within 20 "$stop_pid"
  exits 1
  shows "did not end as it should" "$(cat stop.out)"
  [ ! -e data/stop.flag ]
}

@test "SIGINT and SIGTERM end a waiting stop_telemetry" {
  setup_run
  start_run
  kill -STOP "$run_pid"
  for signal in INT TERM; do
    start stop stop_telemetry
    stop_pid=$pid
    within 10 test -e data/stop.flag
    kill "-$signal" "$stop_pid"
    ends_within 10 "$stop_pid"
    exits 1
    shows "was asked to stop" "$(cat stop.out)"
    rm data/stop.flag # the next one says by it that it waits
  done
  stop_telemetry --no-wait
  kill -CONT "$run_pid"
  ended_well
}
