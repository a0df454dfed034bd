# What was stored of a run: counted after it, and later from its archive.
load helpers

# truth FILTER: what the sandbox really did with the telemetry messages.
truth() { curl -fsS "$(sandbox_url)/sandbox/recorder/messages?$1"; }

run_id() { metric .run_id; }

@test "a run whose messages are all stored says so" {
  start_sandbox
  provision_devices 20
  run --separate-stderr run_telemetry --verify-stored --bursts 5 --publish-interval-sec 0.2 \
    --threshold missing_acknowledged==0 --threshold 'stored_ratio>=100%'
  exits 0
  # A busy machine may miss a burst.
  local all
  all=$(metric .totals.acknowledged)
  shows "stored    $all = acknowledged $all - missing 0 - unverified 0 + unacknowledged 0" "$output"
  metric_is .verification.state complete
  metric_is '.totals.stored > 0' true
  metric_is .totals.missing_acknowledged 0
  [ "$(jq .totals.stored "data/runs/$(run_id)/summary.json")" = "$all" ]
  [ "$(wc -l <"data/runs/$(run_id)/verification.ndjson")" = 20 ]
  # The devices' rows cannot be written: counted all the same, and said with exit 1.
  rm "data/runs/$(run_id)/verification.ndjson"
  mkdir -p "data/runs/$(run_id)/verification.ndjson/in the way"
  run --separate-stderr verify_storage
  exits 1
  shows "verification.ndjson: Is a directory" "$stderr"
  shows "verification.ndjson lacks devices" "$stderr"
  shows "stored    $all = acknowledged $all" "$output"
}

@test "what the server lost is found out exactly, and nothing else" {
  start_sandbox
  provision_devices 20
  # The server's report of its minute comes after 4 s: the run waits for it.
  fault '{"storage": {"drop_every": 7}, "report_every_ms": 4000}'
  run --separate-stderr run_telemetry --verify-stored --bursts 10 --publish-interval-sec 0.1
  exits 0
  [ "$(metric .verdict.kind)" = not_stored ]
  truth stored=false | jq -c '[.messages[] | [.device, .seq]] | sort' >lost.json
  jq -c '[.verification.missing[] | [.name, .k]] | sort' data/metrics.json >named.json
  [ "$(jq length lost.json)" -ge 5 ]
  diff lost.json named.json
  metric_is '.totals.stored + .totals.missing_acknowledged == .totals.acknowledged' true
  metric_is '.verification.hint' null
  # A machine too busy to keep the bursts in time is said first, and rightly.
  metric_is '.broke_first.side | IN("rule_engine", "generator")' true
  metric_is '.verification.missing_from == ([.verification.missing[].k] | min)' true
  metric_is '.server.usage.complete and .server.usage.storage_points == .totals.stored * 6' true
  jq -e --slurpfile run data/metrics.json '.broke_first == $run[0].broke_first' \
    "data/runs/$(run_id)/summary.json"
}

@test "a threshold on what is missing ends with 99" {
  start_sandbox
  provision_devices 5
  fault '{"storage": {"drop_every": 10}, "report_every_ms": 4000}'
  run --separate-stderr run_telemetry --verify-stored --bursts 4 --publish-interval-sec 0.1 \
    --threshold missing_acknowledged==0
  exits 99
  shows "CROSSED   missing_acknowledged==0: $(metric .totals.missing_acknowledged)" "$output"
  run --separate-stderr verify_storage
  exits 99
  run --separate-stderr verify_storage --threshold 'missing_acknowledged<=2'
  exits 0
}

@test "a server that stores late is waited for" {
  start_sandbox
  provision_devices 20
  fault '{"storage": {"rate": 50}}'
  run --separate-stderr run_telemetry --verify-stored --bursts 10 --publish-interval-sec 0.1
  exits 0
  metric_is '.totals.stored > 0 and .totals.stored == .totals.acknowledged' true
  metric_is .verification.state complete
}

@test "without the server's log-in nothing is begun" {
  start_sandbox
  provision_devices 2
  sed -i '/^TB_/d' .env
  run --separate-stderr run_telemetry --verify-stored --bursts 1
  exits 2
  shows "TB_URL is missing" "$stderr"
  shows "VERIFY_STORED needs it" "$stderr"
  [ ! -e data/runs ]
}

@test "a customer user is told which right is missing" {
  start_sandbox
  provision_devices 2
  sed -i 's/^TB_USERNAME=.*/TB_USERNAME=customer@thingsboard.org/; s/^TB_PASSWORD=.*/TB_PASSWORD=customer/' .env
  run --separate-stderr run_telemetry --verify-stored --bursts 1
  exits 3
  shows "CUSTOMER_USER" "$stderr"
}

@test "REST that fails after the run costs the verification, not the run" {
  start_sandbox
  provision_devices 4
  fault '{"rest": {"path": "/api/plugins/*", "skip": 1, "status": 500}}'
  run --separate-stderr run_telemetry --verify-stored --probe-devices 0 --bursts 3 \
    --publish-interval-sec 0.2
  exits 4
  shows "NOT COMPLETE" "$output"
  all=$(metric .totals.acknowledged)
  [ "$all" -gt 0 ]
  metric_is .verification.state incomplete
  normal_again
  run --separate-stderr verify_storage
  exits 0
  shows "stored    $all = acknowledged $all" "$output"
  metric_is .totals.acknowledged "$all"
  jq -e '.verification.state == "complete" and (.broke_first.side | IN("none", "generator"))' \
    "data/runs/$(run_id)/summary.json"
}

@test "a run without numbers cannot be verified" {
  start_sandbox
  provision_devices 2
  run --separate-stderr run_telemetry --bursts 2 --publish-interval-sec 0.1
  exits 0
  metric_is .verification null
  run --separate-stderr verify_storage
  exits 2
  shows "--verify-stored" "$stderr"
}

@test "verify_storage --json prints the run as one object" {
  start_sandbox
  provision_devices 2
  run_telemetry --verify-stored --bursts 2 --publish-interval-sec 0.1 >run.out
  run --separate-stderr verify_storage --json "$(run_id)"
  exits 0
  [ "$(jq -es '.[0].totals.stored' <<<"$output")" = 4 ]
}

@test "a run that was killed can be verified, as far as its archive goes" {
  start_sandbox
  provision_devices 5
  start_run --verify-stored --bursts 100000 --publish-interval-sec 0.2
  within 20 test "$(metric .run_id)" != null
  within 20 enough_bursts 10
  kill -KILL "$run_pid"
  wait "$run_pid" || true
  run --separate-stderr verify_storage
  exits 0
  shows "missing 0" "$output"
}

enough_bursts() { [ "$(metric .bursts_due)" -ge "$1" ]; }

@test "what a killed server had only in memory is named, and where it began" {
  start_sandbox
  provision_devices 10
  fault '{"storage": {"rate": 20, "durable": false}}'
  start_run --verify-stored --bursts 30 --publish-interval-sec 0.2 --mqtt-reconnect=0
  within 20 enough_bursts 15
  fault '{"transport": "kill"}'
  ends_within 120 "$run_pid"
  exits 0
  [ "$(metric .verdict.kind)" = not_stored ]
  metric_is '.totals.missing_acknowledged > 0' true
  truth stored=false | jq '[.messages[] | select(.seq != null)] | length' >really
  [ "$(metric .totals.missing_acknowledged)" -le "$(cat really)" ]
  shows "from burst" "$(metric .verification.hint)"
}

@test "a stop ends the wait for the server's own counters, and the result is kept" {
  start_sandbox
  provision_devices 5
  fault '{"storage": {"drop_every": 3}}'
  start run run_telemetry --verify-stored --bursts 3 --publish-interval-sec 0.1
  within 60 grep -q "waiting up to 70 s" run.err
  touch data/stop.flag
  ends_within 10 "$pid"
  [ "$status" = 0 ]
  metric_is .verdict.kind not_stored
  metric_is ".totals.missing_acknowledged > 0" true
  [ ! -e data/stop.flag ]
}

@test "a store that falls behind shows although acknowledgements come in time" {
  start_sandbox
  provision_devices 20
  fault '{"storage": {"rate": 20, "waits_in_database": true}}'
  run --separate-stderr run_telemetry --verify-stored --bursts 14 --publish-interval-sec 0.5 \
    --threshold 'stored_age_max<1s' --tb-prometheus-url "$(sandbox_url)/actuator/prometheus"
  exits 99
  metric_is .freshness.devices 5
  metric_is '.freshness.growth_s_a_burst > 0.2' true
  metric_is '[.bursts[].store_drain_ms | select(. != null)] | length > 2' true
  # A machine too busy to keep the bursts in time is said first, and rightly.
  metric_is '.verdict.kind == "generator" or (.verdict.sentence | test("stored ever later"))' true
  metric_is '.broke_first.side | IN("database", "generator")' true
  metric_is '.server.prometheus.most_rows_waiting > 240' true
  metric_is '.server.prometheus.most_unprocessed < 100' true
  metric_is .totals.missing_acknowledged 0
  run make_report
  exits 99
  grep -q "Waiting in the server" "data/runs/$(run_id)/report.html"
  grep -q '"source":"usage"' "data/runs/$(run_id)/server.ndjson"
  [ "$(head -1 "data/runs/$(run_id)/freshness.csv")" = unix_s,device,k,age_ms ]
}
