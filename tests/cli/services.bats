# The programs that serve until they are told to stop: run_sandbox and run_dashboard.
load helpers

start_dashboard() {
  start dashboard run_dashboard --dashboard-host 127.0.0.1 --dashboard-port 0 "$@"
  dashboard=$pid
  within 20 grep -q http:// dashboard.out || {
    cat dashboard.err >&2
    return 1
  }
  url=$(grep -o 'http://[^ "]*' dashboard.out)
  url=${url%/}
}

@test "the sandbox prints the lines of .env and nothing else, also into --env-out" {
  start_sandbox
  run cat .env
  [ "$(cut -d= -f1 <<<"$output" | tr '\n' ' ')" = "TB_URL TB_USERNAME TB_PASSWORD MQTT_HOST MQTT_PORT " ]
  within 10 cmp -s .env sandbox.out
  url=$(sed -n 's/^TB_URL=//p' .env)
  user=$(sed -n 's/^TB_USERNAME=//p' .env)
  password=$(sed -n 's/^TB_PASSWORD=//p' .env)
  curl -fsS -o answer.json -H 'Content-Type: application/json' \
    -d "{\"username\":\"$user\",\"password\":\"$password\"}" "$url/api/auth/login"
  jq -e .token answer.json >/dev/null
}

@test "the sandbox ends with 0 on SIGINT and SIGTERM, and its transport with it" {
  for signal in INT TERM; do
    rm -f .env
    start_sandbox
    transport=$(pgrep -P "$sandbox")
    kill "-$signal" "$sandbox"
    ends_within 20 "$sandbox"
    exits 0
    within 10 gone "$transport"
  done
}

@test "the sandbox's transport ends with it, also when it is killed" {
  start_sandbox
  transport=$(pgrep -P "$sandbox")
  kill -KILL "$sandbox"
  within 10 gone "$transport"
}

@test "a port that is taken is exit 2 and named" {
  start_sandbox
  port=$(sed -n 's/^TB_URL=.*:\([0-9]*\)$/\1/p' .env)
  mqtt_port=$(sed -n 's/^MQTT_PORT=//p' .env)
  run --separate-stderr timeout 30 run_sandbox --port "$port" --mqtt-port 0
  exits 2
  shows "$port" "$stderr"
  run --separate-stderr timeout 30 run_sandbox --port 0 --mqtt-port "$mqtt_port"
  exits 2
  shows "$mqtt_port" "$stderr"
  run --separate-stderr timeout 30 run_dashboard --dashboard-host 127.0.0.1 --dashboard-port "$port"
  exits 2
  shows "$port" "$stderr"
}

@test "the dashboard ends with 0 on SIGINT and SIGTERM" {
  for signal in INT TERM; do
    start_dashboard
    kill "-$signal" "$dashboard"
    ends_within 20 "$dashboard"
    exits 0
  done
}

@test "the dashboard serves its page whatever metrics.json holds" {
  mkdir data
  start_dashboard
  for content in missing '' '{"status": "run' '\377\000\001' '[]'; do
    if [ "$content" != missing ]; then
      # shellcheck disable=SC2059  # escapes are meant
      printf "$content" >data/metrics.json
    fi
    curl -fsS -o page.html "$url/"
    grep -qi "<html" page.html
    curl -fsS -o /dev/null "$url/healthz"
    curl -sS -o answer.json "$url/metrics"
    jq -e . answer.json >/dev/null
  done
}

@test "the dashboard survives a metrics.json it may not read" {
  enter_shared_folder run_dashboard
  mkdir data
  echo '{}' >data/metrics.json
  chmod 600 data/metrics.json
  cp -r "$STRESSKIT_BIN/../web" web
  start dashboard "${nobody[@]}" bin/run_dashboard --dashboard-host 127.0.0.1 --dashboard-port 0
  within 20 grep -q http:// dashboard.out
  url=$(grep -o 'http://[^ ]*' dashboard.out)
  curl -sS -o answer.json "${url%/}/metrics"
  jq -e . answer.json >/dev/null
  shows "ermission denied" "$(cat answer.json)"
}
