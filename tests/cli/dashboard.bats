# run_dashboard as a user starts and ends it; what it serves is tried in the integration tests.

load helpers

# serve ARGUMENT...: a dashboard on a free port of this machine; its address in $url.
serve() {
  start dashboard run_dashboard --json --dashboard-host 127.0.0.1 --dashboard-port 0 "$@"
  within 30 test -s dashboard.out || {
    cat dashboard.err >&2
    return 1
  }
  url=$(jq -r .url dashboard.out)
}

state() { curl -sf --max-time 10 "${url}api/state" | jq -r .state; }

@test "it needs neither data nor its directory, and creates nothing" {
  serve --data-dir nowhere
  [ "$(state)" = missing ]
  [ ! -e nowhere ]
  curl -sf --max-time 10 "$url" | grep -q '<title>'
}

@test "the address is printed for people, usable though it listens everywhere" {
  start dashboard run_dashboard --dashboard-port 0
  within 30 grep -Eq 'http://127\.0\.0\.1:[0-9]+/' dashboard.out
}

@test "SIGINT and SIGTERM end it with 0" {
  for signal in INT TERM; do
    serve
    kill "-$signal" "$pid"
    ends_within 10 "$pid"
    [ "$status" -eq 0 ]
    rm dashboard.out
  done
}

@test "a port that is taken, by another of ours too, is refused with 2" {
  serve
  run --separate-stderr run_dashboard --dashboard-host 127.0.0.1 \
    --dashboard-port "$(sed -E 's#.*:([0-9]+)/#\1#' <<<"$url")"
  [ "$status" -eq 2 ]
  [ -z "$output" ]
  [[ $stderr == *"the port is taken"* ]]
}

@test "an address that is not ours is refused with 2" {
  # Reserved for documentation (RFC 5737): no machine has it.
  run --separate-stderr run_dashboard --dashboard-host 192.0.2.1 --dashboard-port 0
  [ "$status" -eq 2 ]
  [[ $stderr == *"no address of this machine"* ]]
}

@test "truncated, binary and empty metrics are a broken file with a reason, and the page stays up" {
  mkdir data
  serve
  for bytes in '{"status":"runn' '\0\1\377' ''; do
    printf "$bytes" >data/metrics.json
    [ "$(state)" = broken ]
    [ "$(curl -s --max-time 10 -o answer.json -w '%{http_code}' "${url}metrics")" = 503 ]
    jq -e '.error | length > 20' answer.json
  done
  echo '{"status":"idle"}' >data/metrics.json
  [ "$(state)" = idle ]
}

@test "metrics that may not be read are a broken file, not a crash" {
  enter_shared_folder run_dashboard
  mkdir data
  cp -r "$STRESSKIT_BIN/../web" .
  echo '{"status":"idle"}' >data/metrics.json
  chmod 600 data/metrics.json
  start dashboard "${nobody[@]}" bin/run_dashboard --json --dashboard-host 127.0.0.1 --dashboard-port 0
  within 30 test -s dashboard.out
  url=$(jq -r .url dashboard.out)
  [ "$(state)" = broken ]
  curl -sf --max-time 10 "${url}api/state" | jq -r .message | grep -q 'Permission denied'
}
