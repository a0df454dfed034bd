# Thresholds, warm-up, stages and the archive of a run.
load helpers

archive() {
  echo data/runs/*/
}

@test "thresholds that hold: printed first, exit 0" {
  start_sandbox
  provision_devices 3
  run --separate-stderr run_telemetry --bursts 3 --publish-interval-sec 0.2 \
    --threshold 'lost==0' --threshold 'acknowledged_ratio>=1%'
  exits 0
  shows "passed    lost==0: 0" "$output"
  shows "passed    acknowledged_ratio>=1%" "$output"
  [ "$(metric '.thresholds | length')" = 2 ]
}

@test "a crossed threshold ends with 99 and says the figure" {
  start_sandbox
  provision_devices 3
  THRESHOLDS='sent>1000' run --separate-stderr run_telemetry --bursts 2 --publish-interval-sec 0.2
  exits 99
  shows "CROSSED   sent>1000: " "$output"
  [ "$(metric '.thresholds[0].state')" = crossed ]
  jq -e 'select(.type == "threshold") | .threshold == "sent>1000"' "$(archive)events.ndjson"
}

@test "a threshold without data counts as crossed" {
  start_sandbox
  provision_devices 2
  run --separate-stderr run_telemetry --bursts 2 --publish-interval-sec 0.2 --warmup 2 \
    --threshold 'ack_p99<10s'
  exits 99
  shows "CROSSED   ack_p99<10s: no data" "$output"
}

@test "a threshold nobody understands is refused before anything is contacted" {
  mkdir data && echo '{"sim-001": "token"}' >data/tokens.json
  run --separate-stderr run_telemetry --mqtt-port 1 --threshold 'ack_p99<<250ms' \
    --threshold 'speed<1' --threshold 'lost==0'
  exits 2
  shows "speed" "$stderr"
  shows "acknowledged_ratio" "$stderr"
  [ ! -e data/runs ]
}

@test "--abort-on-crossed ends the run at once" {
  start_sandbox
  provision_devices 3
  run --separate-stderr run_telemetry --duration 1h --publish-interval-sec 0.2 \
    --threshold 'ack_p50<0.001ms' --abort-on-crossed
  exits 99
  [ "$(metric .status)" = stopped ]
  figures_add_up
}

@test "stages: the first devices by name take part, the others are not planned" {
  start_sandbox
  provision_devices 4
  run --separate-stderr run_telemetry --publish-interval-sec 0.2 --stage 1@0.4 --stage 3@0.6
  exits 0
  shows "stages" "$output"
  [ "$(metric .device_count)" = 3 ]
  [ "$(metric .totals.planned)" = $((1 * 2 + 3 * 3)) ]
  [ "$(metric '[.stages[].totals.planned] | join(" ")')" = "2 9" ]
  [ "$(metric '.devices | map(.planned) | join(" ")')" = "5 3 3" ]
  # Only who takes part in every burst tells how fresh the store is.
  [ "$(metric .freshness.devices)" = 1 ]
}

@test "a stage with more devices than there are is refused" {
  mkdir data && echo '{"sim-001": "token"}' >data/tokens.json
  run --separate-stderr run_telemetry --mqtt-port 1 --stage 2@1s
  exits 2
  shows "a stage of 2 devices, but there are 1 only" "$stderr"
}

@test "warm-up bursts count in the totals and nowhere else" {
  start_sandbox
  provision_devices 2
  run --separate-stderr run_telemetry --bursts 4 --publish-interval-sec 0.2 --warmup 1
  exits 0
  [ "$(metric .totals.planned)" = 8 ]
  [ "$(metric .measured.planned)" = 6 ]
  metric_is '.latency_ms.ack_from_due.count == .measured.acknowledged' true
  metric_is '.bursts[0].marks | contains(["warmup"])' true
}

@test "the archive of a run holds everything but secrets" {
  start_sandbox
  provision_devices 5
  run --separate-stderr run_telemetry --bursts 3 --publish-interval-sec 0.2
  exits 0
  folder=$(archive)
  for file in config.json timeline.csv bursts.ndjson histograms.ndjson events.ndjson messages.bin \
    devices.csv summary.json; do
    [ -s "$folder$file" ]
  done
  [ "$(jq -s 'map(.k) | unique | length' "${folder}bursts.ndjson")" = 3 ]
  [ "$(stat -c %s "${folder}messages.bin")" = $((12 + 3 * (8 + 2))) ]
  [ "$(jq -s 'map(select(.metric == "ack_from_due") | .counts | [.[range(1; length; 2)]] | add) | add' \
    "${folder}histograms.ndjson")" = "$(metric .totals.acknowledged)" ]
  [ "$(jq -r .settings.MQTT_PORT "${folder}config.json")" = "$(sed -n 's/^MQTT_PORT=//p' .env)" ]
  while read -r token; do
    ! grep -rqF "$token" "$folder"
  done < <(jq -r '.[]' data/tokens.json)
}

@test "a killed run keeps what it had" {
  start_sandbox
  provision_devices 3
  start_run
  folder=$(archive)
  within 10 grep -q '"k":3' "${folder}bursts.ndjson"
  kill -KILL "$run_pid"
  within 10 gone "$run_pid"
  [ ! -e "${folder}summary.json" ]
  jq -es 'length >= 4' "${folder}bursts.ndjson"
  jq -es 'map(select(.type == "device")) | length == 3' "${folder}events.ndjson"
}

@test "on a terminal the run is a block redrawn in place" {
  start_sandbox
  provision_devices 2
  run script -qec "run_telemetry --bursts 2 --publish-interval-sec 0.2" /dev/null
  [ "$status" = 0 ]
  [[ $output == *"connected  [######"* ]]
  [[ $output == *$'\033[7A'* ]]
  [[ $output != *"[METRICS]"* ]]
  shows "verdict" "$output"
}
