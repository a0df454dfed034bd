# The limits that a server imposes: told before the run, named after it.
load helpers

# limited NAME VALUE: one rate limit as in a tenant profile.
limited() { fault "{\"mqtt\": {\"rate_limits\": {\"$1\": \"$2\"}}}"; }

@test "a limit of the device is foretold, met and named" {
  start_sandbox
  provision_devices 20
  limited transportDeviceTelemetryMsgRateLimit 5:3600
  run --separate-stderr run_telemetry --bursts 8 --publish-interval-sec 0.2 --mqtt-reconnect=0
  exits 0
  shows "every device will be cut off after 1 s" "$stderr"
  shows "5 messages an hour and device" "$stderr"
  [ "$(metric '.limits[0].name')" = "device message or data-point limit" ]
  shows "on message 6" "$(metric '.limits[0].evidence')"
  shows "transportDeviceTelemetryMsgRateLimit" "$output"
}

@test "a limit of the tenant is named" {
  start_sandbox
  provision_devices 20
  limited transportTenantTelemetryMsgRateLimit 50:3600
  run --separate-stderr run_telemetry --bursts 4 --publish-interval-sec 1.2 --mqtt-reconnect=0
  exits 0
  [ "$(metric '.limits[0].name')" = "tenant message or data-point limit" ]
}

@test "a limit on connecting is named" {
  start_sandbox
  provision_devices 20
  limited transportTenantMsgRateLimit 12:3600
  run --separate-stderr run_telemetry --bursts 2 --publish-interval-sec 0.2 --mqtt-reconnect=0 \
    --no-preflight
  exits 0
  [ "$(metric '.limits[0].name')" = "connection rate limit, or an overloaded server" ]
  shows "first after 12 accepted" "$(metric '.limits[0].evidence')"
}

@test "a server that stops is no limit" {
  start_sandbox
  provision_devices 10
  start_run --bursts 100000 --publish-interval-sec 0.2
  fault '{"transport": "kill"}'
  within 20 metric_is '.limits[0].name' "no limit: the server stopped"
}

@test "without limits nothing is named, and without preflight nothing is asked" {
  start_sandbox
  provision_devices 5
  run --separate-stderr run_telemetry --bursts 2 --publish-interval-sec 0.2 --no-preflight
  exits 0
  metric_is '.limits | length' 0
  [ "$(curl -fsS "$(sandbox_url)/sandbox/state" | jq .sessions_opened)" = 5 ]
}

@test "check_connectivity weighs the run it is given against the limits" {
  start_sandbox
  provision_devices 2
  limited transportDeviceTelemetryDataPointsRateLimit 15000:3600
  run --separate-stderr check_connectivity
  exits 0
  shows "cut off after 50 min" "$output"
  run --separate-stderr check_connectivity --duration 10m --json
  exits 0
  [ "$(jq '[.steps[] | select(.result == "warning")] | length' <<<"$output")" = 0 ]
}

@test "REST out of reach is a warning for a run that needs only MQTT" {
  start_sandbox
  provision_devices 2
  sed -i 's|^TB_URL=.*|TB_URL=http://127.0.0.1:1|' .env
  run --separate-stderr run_telemetry --bursts 2 --publish-interval-sec 0.2
  exits 0
  shows "REST cannot be asked" "$stderr"
  metric_is '.totals.acknowledged > 0 and .totals.acknowledged == .totals.sent' true
}
