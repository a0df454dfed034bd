# provision and delete_by_prefix: what they cannot do, and what they leave when they are interrupted.
load helpers

# Answers take as long as a real server's, so that there is a middle to interrupt in.
slow_server() {
  start_sandbox
  fault '{"rest": {"delay_ms": 20}}'
}

# The tokens are written first, the list of the devices right after them.
some_devices() { [ "$(jq length data/tokens.json 2>/dev/null || echo 0)" -gt 0 ] && [ -s data/devices.csv ]; }

files_are_whole() {
  jq -e 'type == "object" and all(.[]; type == "string")' data/tokens.json >/dev/null
  [ "$(head -n 1 data/devices.csv | tr -d '\r')" = device_id,name,label,access_token ]
  [ -z "$(awk -F, 'NF != 4' data/devices.csv)" ]
}

start_provision() {
  start provision provision --device-count 150
  provision=$pid
  within 30 some_devices
}

@test "an interrupted provision is exit 4, keeps its tokens, and is finished by the same command" {
  slow_server
  for signal in INT TERM; do
    rm -rf data
    normal_again
    delete_by_prefix --yes >/dev/null
    fault '{"rest": {"delay_ms": 20}}'
    start_provision
    kill "-$signal" "$provision"
    ends_within 20 "$provision"
    exits 4
    files_are_whole
    cp data/tokens.json before.json
    normal_again
    run --separate-stderr provision --device-count 150
    exits 0
    [ "$(devices_on_server)" = 150 ]
    [ "$(jq length data/tokens.json)" = 150 ]
    # No token of the first half was lost or changed.
    jq -e --slurpfile before before.json '. as $now | $before[0] | all(to_entries[]; $now[.key] == .value)' \
      data/tokens.json
  done
}

@test "a second SIGINT ends provision at once with 130, files whole" {
  slow_server
  start_provision
  fault '{"rest": {"delay_ms": 20000}}'
  kill -INT "$provision"
  within 10 interrupted_again "$provision"
  ends_within 10 "$provision"
  [[ $status = 130 || $status = 4 ]] # 4: it had ended by itself between the two
  files_are_whole
}

@test "a provision killed in the middle is finished by the same command" {
  slow_server
  start_provision
  kill -KILL "$provision"
  ends_within 10 "$provision"
  files_are_whole
  normal_again
  run --separate-stderr provision --device-count 150
  exits 0
  [ "$(devices_on_server)" = 150 ]
  [ "$(jq length data/tokens.json)" = 150 ]
}

@test "an interrupt while the log-in hangs ends provision and delete_by_prefix with 4" {
  start_sandbox
  fault '{"rest": {"path": "/api/auth/login", "delay_ms": 60000}}'
  for signal in INT TERM; do
    for program in provision delete_by_prefix; do
      start program "$program"
      program=$pid
      within 20 has_socket "$program"
      kill "-$signal" "$program"
      ends_within 10 "$program"
      exits 4
    done
  done
}

@test "an interrupted delete_by_prefix is exit 4, and is finished by the same command" {
  start_sandbox
  for signal in INT TERM; do
    provision_devices 150
    fault '{"rest": {"delay_ms": 20}}'
    start delete delete_by_prefix
    delete=$pid
    within 30 fewer_devices_than 150
    kill "-$signal" "$delete"
    ends_within 20 "$delete"
    exits 4
    [ "$(devices_on_server)" -gt 0 ]
    normal_again
    run --separate-stderr delete_by_prefix
    exits 0
    [ "$(devices_on_server)" = 0 ]
  done
}

fewer_devices_than() { [ "$(devices_on_server)" -lt "$1" ]; }

@test "devices that cannot be made are listed with the reason, exit 4" {
  start_sandbox
  fault '{"max_devices": 10}'
  run --separate-stderr provision --device-count 12 --provision-concurrency 1
  exits 4
  shows "provisioned 10 of 12" "$output"
  shows "sim-012" "$output"
  [ "$(jq length data/tokens.json)" = 10 ]
}

@test "fewer devices than before: the others stay on the server, and it says so" {
  start_sandbox
  provision_devices 5
  run --separate-stderr provision --device-count 3
  exits 0
  shows "2 devices" "$output"
  [ "$(jq length data/tokens.json)" = 3 ]
  [ "$(devices_on_server)" = 5 ]
}

@test "a wrong password is exit 3 and not shown" {
  start_sandbox
  for program in provision delete_by_prefix; do
    TB_PASSWORD=hunter2 run --separate-stderr "$program"
    exits 3
    shows "wrong user name or password" "$stderr"
    shows "$(sandbox_url)" "$stderr"
    refute_shown hunter2
  done
}

@test "a closed port is exit 3" {
  export TB_URL=http://127.0.0.1:1 TB_USERNAME=a@b TB_PASSWORD=pw PROVISION_RETRIES=0
  for program in provision delete_by_prefix; do
    run --separate-stderr "$program"
    exits 3
    shows "http://127.0.0.1:1" "$stderr"
  done
}

@test "provision leaves metrics.json to an active run" {
  start_sandbox
  provision_devices 2
  start_run
  run_id=$(metric .run_id)
  run --separate-stderr provision --device-count 2
  exits 0
  [ "$(metric .run_id)" = "$run_id" ]
  [ "$(metric .status)" = running ]
}

@test "only names that begin with the prefix are deleted" {
  start_sandbox
  provision_devices 2
  DEVICE_PREFIX=simulator provision_devices 3
  DEVICE_PREFIX=my-sim provision_devices 1
  run --separate-stderr delete_by_prefix --dry-run
  exits 0
  [ "$(devices_on_server)" = 6 ]
  run --separate-stderr delete_by_prefix --device-prefix my-sim
  exits 0
  [ "$(devices_on_server)" = 5 ]
}
