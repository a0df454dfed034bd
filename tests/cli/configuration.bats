# Values from .env, environment and command line: what is refused, what is only warned of. Nothing
# is contacted: no server listens anywhere in this file, and yet nothing exits with 3.
load helpers

@test "missing required keys are listed together" {
  for program in check_connectivity provision delete_by_prefix; do
    run --separate-stderr "$program"
    exits 2
    shows "3 problems" "$stderr"
    shows "TB_URL is missing" "$stderr"
    shows "TB_USERNAME is missing" "$stderr"
    shows "TB_PASSWORD is missing" "$stderr"
  done
}

@test "all problems come in one message, each with its place" {
  printf 'MQTT_PORT=65536\nnonsense\nMQTT_QOS="1\n' >.env
  MQTT_TLS=perhaps run --separate-stderr run_telemetry --device-count -3
  exits 2
  shows "5 problems (try run_telemetry --help):" "$stderr"
  shows ".env:1: MQTT_PORT must be a whole number from 1 to 65535, not \"65536\"" "$stderr"
  shows ".env:2: is not of the form KEY=value" "$stderr"
  shows ".env:3: MQTT_QOS has a quote that is never closed" "$stderr"
  shows "environment: MQTT_TLS must be 1, true" "$stderr"
  shows "--device-count must be a whole number of at least 1, not \"-3\"" "$stderr"
}

@test "no .env is fine, a missing --env-file is not" {
  run --separate-stderr stop_telemetry
  exits 0
  run --separate-stderr stop_telemetry --env-file other.env
  exits 2
  shows "cannot read other.env: No such file or directory" "$stderr"
}

@test "a directory in place of .env is exit 2" {
  mkdir .env
  run --separate-stderr stop_telemetry
  exits 2
  shows "cannot read .env: Is a directory" "$stderr"
}

@test "an unreadable .env is exit 2" {
  enter_shared_folder stop_telemetry
  echo "DATA_DIR=data" >.env
  chmod 600 .env
  run --separate-stderr as_nobody stop_telemetry
  exits 2
  shows "cannot read .env: Permission denied" "$stderr"
}

@test "a binary .env is exit 2" {
  printf '\377\376T\0B\0' >.env
  run --separate-stderr stop_telemetry
  exits 2
  shows ".env:1: is not a text file" "$stderr"
}

@test "a byte order mark, CRLF, export, quotes, comments and blanks are understood" {
  printf '\357\273\277# comment\r\nexport DATA_DIR = "some where" # here\r\n\r\nDEVICE_LABEL='\''a # b'\''\r\n' >.env
  run --separate-stderr stop_telemetry
  exits 0
  [ "$output" = "no run is active in some where" ]
  [ -z "$stderr" ]
}

@test "a key given twice: the last counts, with a warning that names the lines" {
  printf 'DATA_DIR=one\nDATA_DIR=two\n' >.env
  run --separate-stderr stop_telemetry
  exits 0
  [ "$output" = "no run is active in two" ]
  shows ".env:2: DATA_DIR is given again (before: line 1)" "$stderr"
}

@test "an unknown key is a warning with the nearest known one, never its value" {
  printf 'TB_PASWORD=hunter2\n' >.env
  run --separate-stderr stop_telemetry
  exits 0
  shows ".env:1: unknown key TB_PASWORD, ignored; did you mean TB_PASSWORD?" "$stderr"
  refute_shown hunter2
}

@test "the command line wins over the environment, that over .env" {
  echo "DATA_DIR=file" >.env
  run --separate-stderr stop_telemetry
  [ "$output" = "no run is active in file" ]
  DATA_DIR=environment run --separate-stderr stop_telemetry
  [ "$output" = "no run is active in environment" ]
  DATA_DIR=environment run --separate-stderr stop_telemetry --data-dir option
  [ "$output" = "no run is active in option" ]
}

@test "keys that a program does not take are not looked at" {
  printf 'TB_URL=nonsense\nMQTT_PORT=0\nDEVICE_COUNT=many\n' >.env
  run --separate-stderr stop_telemetry
  exits 0
  [ -z "$stderr" ]
}

@test "ports outside their range" {
  for port in 0 65536 -1 1883/tcp 1e3; do
    run --separate-stderr run_telemetry --mqtt-port "$port"
    exits 2
    shows "from 1 to 65535, not \"$port\"" "$stderr"
  done
  run --separate-stderr run_dashboard --dashboard-port 65536
  exits 2
  shows "from 0 to 65535" "$stderr"
}

@test "numbers that are none, out of range, or have a unit where there is none" {
  for count in abc 0 -3 5.0 "50 devices" 0x10 99999999999999999999; do
    run --separate-stderr run_telemetry --device-count "$count"
    exits 2
    shows "--device-count must be a whole number" "$stderr"
  done
}

@test "intervals beyond their ends, and such that are no times" {
  for interval in 0 0.049 3601 61m -1 fast nan 1d; do
    run --separate-stderr run_telemetry --publish-interval-sec "$interval"
    exits 2
    shows "from 0.05 to 3600 s, not \"$interval\"" "$stderr"
  done
}

@test "an option with an empty value" {
  run --separate-stderr run_telemetry --device-count=
  exits 2
  shows "--device-count must not be empty" "$stderr"
}

@test "URLs that cannot be meant" {
  export TB_USERNAME=a@b TB_PASSWORD=pw
  declare -A wrong=(
    ["tb.example.org:8080"]='did you mean "http://tb.example.org:8080"?'
    ["ftp://tb"]="must begin with http:// or https://"
    ["http://"]="has no host name"
    ["http://tb:0"]="it must be 1 to 65535"
    ["http://tb:65536"]="it must be 1 to 65535"
    ["http://::1"]="write [::1]"
    ["http://tb?x=1"]="must not have a query"
    ["http://t b"]="which is no host name"
  )
  for url in "${!wrong[@]}"; do
    TB_URL=$url run --separate-stderr check_connectivity
    exits 2
    shows "${wrong[$url]}" "$stderr"
  done
}

@test "a password inside the URL is refused and not shown" {
  export TB_USERNAME=a@b TB_PASSWORD=pw
  TB_URL=http://a:hunter2@tb run --separate-stderr check_connectivity
  exits 2
  shows "TB_PASSWORD" "$stderr"
  refute_shown hunter2
}

@test "prefixes that device names cannot begin with" {
  export TB_URL=http://127.0.0.1:1 TB_USERNAME=a@b TB_PASSWORD=pw
  for prefix in "a b" a/b 'a"b' "a'b" a,b a%b 'a\b' $'a\tb' ''; do
    for program in provision delete_by_prefix; do
      DEVICE_PREFIX=$prefix run --separate-stderr "$program"
      exits 2
      shows "DEVICE_PREFIX must not" "$stderr"
    done
  done
}

@test "an empty or blank prefix deletes nothing" {
  export TB_URL=http://127.0.0.1:1 TB_USERNAME=a@b TB_PASSWORD=pw
  for prefix in "" " " $'\t'; do
    run --separate-stderr delete_by_prefix --yes --device-prefix="$prefix"
    exits 2
    shows "--device-prefix must not" "$stderr"
  done
}

@test "MQTT 5 is refused on the engine paho" {
  run --separate-stderr run_telemetry --mqtt-version 5 --mqtt-engine paho
  exits 2
  shows "MQTT_ENGINE" "$stderr"
}

@test "a certificate file that cannot be read" {
  run --separate-stderr run_telemetry --mqtt-ca-file missing.pem
  exits 2
  shows 'names "missing.pem", which cannot be read: No such file or directory' "$stderr"
}

@test "switched off verification is warned of" {
  run --separate-stderr run_telemetry --mqtt-tls --mqtt-tls-insecure
  shows "--mqtt-tls-insecure is on" "$stderr"
}

@test "more devices than the ceiling: cut down, with a warning" {
  run --separate-stderr run_telemetry --device-count 501
  shows "501 is more than DEVICE_CEILING: 500 devices are used" "$stderr"
}

@test "run_telemetry asks for no ThingsBoard, only for tokens" {
  run --separate-stderr run_telemetry
  exits 2
  shows "provision" "$stderr"
  [[ "$stderr" != *TB_URL* ]]
}
