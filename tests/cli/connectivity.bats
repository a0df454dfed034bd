# check_connectivity: what it says when everything answers, and the one sentence for each thing
# that does not.
load helpers

@test "with devices and tokens it goes as far as MQTT" {
  start_sandbox
  provision_devices 3
  run --separate-stderr check_connectivity
  exits 0
  shows "tenant@thingsboard.org" "$output"
  shows "3 devices" "$output"
  shows "accepted sim-001" "$output"
}

@test "without tokens it says that MQTT was not tried" {
  start_sandbox
  run --separate-stderr check_connectivity
  exits 0
  shows "provision" "$output"
}

@test "it does not evict a device of an active run" {
  start_sandbox
  provision_devices 2
  start_run
  run --separate-stderr check_connectivity
  exits 0
  shows "run" "$output"
  stop_telemetry
  [ "$(metric .collapse.at_s)" = null ]
  [ "$(metric .totals.lost)" = 0 ]
}

@test "a closed port" {
  export TB_URL=http://127.0.0.1:1 TB_USERNAME=a@b TB_PASSWORD=pw
  run --separate-stderr check_connectivity
  exits 3
  shows "http://127.0.0.1:1" "$stderr"
  shows "refused" "$stderr"
}

@test "a wrong password, never shown" {
  start_sandbox
  TB_PASSWORD=hunter2 run --separate-stderr check_connectivity
  exits 3
  shows "wrong user name or password" "$stderr"
  refute_shown hunter2
}

@test "a customer user instead of a tenant administrator" {
  start_sandbox
  TB_USERNAME=customer@thingsboard.org TB_PASSWORD=customer run --separate-stderr check_connectivity
  exits 3
  shows "tenant administrator" "$stderr"
}

@test "an account that was disabled" {
  start_sandbox
  fault '{"account": {"username": "tenant@thingsboard.org", "enabled": false}}'
  run --separate-stderr check_connectivity
  exits 3
  shows "tenant@thingsboard.org" "$stderr"
  shows "401" "$stderr"
}

@test "a certificate of another name, and one that nobody vouches for" {
  openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 \
    -subj /CN=elsewhere.example -addext subjectAltName=DNS:elsewhere.example 2>openssl.log
  start tls openssl s_server -accept 127.0.0.1:0 -key key.pem -cert cert.pem -www
  within 20 grep -q ACCEPT tls.out
  port=$(sed -n 's/^ACCEPT .*:\([0-9]*\)$/\1/p' tls.out)
  export TB_URL=https://127.0.0.1:$port TB_USERNAME=a@b TB_PASSWORD=pw
  run --separate-stderr check_connectivity
  exits 3
  shows "certificate" "$stderr"
  shows TB_CA_FILE "$stderr"
  run --separate-stderr check_connectivity --tb-ca-file cert.pem
  exits 3
  shows "127.0.0.1" "$stderr"
  shows "name" "$stderr"
}

@test "something else than ThingsBoard behind the URL" {
  start dashboard run_dashboard --json --dashboard-host 127.0.0.1 --dashboard-port 0
  within 20 test -s dashboard.out
  TB_URL=$(jq -r .url dashboard.out)
  export TB_URL TB_USERNAME=a@b TB_PASSWORD=pw
  run --separate-stderr check_connectivity
  exits 3
  shows "ThingsBoard" "$stderr"
}

@test "MQTT refuses the token" {
  start_sandbox
  provision_devices 1
  printf '{"sim-001": "no-such-token"}' >data/tokens.json
  run --separate-stderr check_connectivity
  exits 3
  refute_shown no-such-token
}

@test "MQTT does not listen" {
  start_sandbox
  provision_devices 1
  MQTT_PORT=1 run --separate-stderr check_connectivity
  exits 3
  shows ":1" "$stderr$output"
}

@test "SIGINT and SIGTERM end it in the middle" {
  start_sandbox
  fault '{"rest": {"path": "/api/auth/login", "delay_ms": 60000}}'
  for signal in INT TERM; do
    start check check_connectivity
    within 20 has_socket "$pid"
    kill "-$signal" "$pid"
    ends_within 10 "$pid"
    [ "$status" -ne 0 ]
  done
}
