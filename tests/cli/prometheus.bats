# /metrics as Prometheus scrapes it, read by the parser of its own Python client.

load helpers

# What the parser makes of an answer: one line a sample, "name{labels} value".
scrape() {
  curl -sf --max-time 10 -H 'Accept: text/plain;version=0.0.4;q=0.3,*/*;q=0.1' "${url}metrics" -D headers.txt |
    /usr/bin/python3 -c '
import sys
from prometheus_client.parser import text_string_to_metric_families
for family in text_string_to_metric_families(sys.stdin.read()):
    assert family.documentation and family.type != "unknown", family.name
    for sample in family.samples:
        print(sample.name + str(sorted(sample.labels.items())), sample.value)
' >samples.txt
}

sample() { grep -F -- "$1" samples.txt | awk '{print $NF}'; }

@test "a real parser reads the figures of a run, which are those of metrics.json" {
  start sandbox run_sandbox --port 0 --mqtt-port 0 --env-out sandbox.env
  within 60 test -s sandbox.env
  provision --env-file sandbox.env --device-count 20 >provision.out
  run_telemetry --env-file sandbox.env --publish-interval-sec 0.2 --bursts 10 >run.out
  start dashboard run_dashboard --json --dashboard-host 127.0.0.1 --dashboard-port 0
  within 30 test -s dashboard.out
  url=$(jq -r .url dashboard.out)

  scrape
  grep -qi '^content-type: text/plain; version=0.0.4' headers.txt
  [ "$(sample "stresskit_state[('state', 'stopped')]")" = 1.0 ]
  [ "$(sample "stresskit_devices[]")" = 20.0 ]
  [ "$(sample "stresskit_messages_total[('outcome', 'acknowledged')]")" = "$(jq '.totals.acknowledged' data/metrics.json).0" ]
  [ "$(sample "stresskit_ack_from_due_seconds_count[]")" = "$(jq '.histogram_buckets.ack_from_due.count' data/metrics.json).0" ]
  [ "$(sample "stresskit_ack_from_due_seconds_bucket[('le', '+Inf')]")" = "$(sample "stresskit_ack_from_due_seconds_count[]")" ]
  # A value a burst, in seconds: ten bursts of some milliseconds.
  [ "$(sample "stresskit_spread_seconds_count[]")" = 10.0 ]
}

@test "without a file, or with a broken one, the scrape says so and does not fail" {
  start dashboard run_dashboard --json --dashboard-host 127.0.0.1 --dashboard-port 0
  within 30 test -s dashboard.out
  url=$(jq -r .url dashboard.out)
  scrape
  [ "$(sample "stresskit_state[('state', 'missing')]")" = 1.0 ]
  mkdir -p data
  echo '{"status":' >data/metrics.json
  scrape
  [ "$(sample "stresskit_state[('state', 'broken')]")" = 1.0 ]
  ! grep -q stresskit_devices samples.txt
}
