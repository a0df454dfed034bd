#!/usr/bin/env python3
"""How soon are all devices back after a broker restart?

bench/recovery_bench.py [ROUNDS]: 500 devices at an unmodified Mosquitto, which is killed and comes
back after a few seconds. What the back-off schedule allows is computed from its definition (1 s,
doubled, up to 60 s, each with up to half of it taken off at random): the moment when 99 % of the
devices have made their first attempt after the broker's return. Prints a round a line and exits
with 1 when the median of the ratios is above 1.2. Programs: $STRESSKIT_BIN, or build/release/bin.
"""
import json
import os
import random
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

DEVICES = 500
BACK_SHARE = 0.99  # what metrics.json calls recovered
ALLOWED = 1.2
DOWN_FOR = 5.0


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(condition, seconds, what):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            sys.exit(f"recovery_bench: {what} did not happen within {seconds} s")
        time.sleep(0.01)


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def start_broker(folder, port):
    with open(f"{folder}/mosquitto.conf", "w") as conf:
        conf.write(f"listener {port} 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\n")
        if os.getuid() == 0:
            conf.write("user root\n")
    broker = subprocess.Popen(["mosquitto", "-c", f"{folder}/mosquitto.conf"],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_until(lambda: listens(port), 10, "the broker's start")
    return broker


def allowed(down_for):
    """Seconds from the broker's return until the schedule has brought 99 % back: median of many."""
    def first_attempt_after_return():
        at, delay = 0.0, 1.0
        while at < down_for:
            at += delay * random.uniform(0.5, 1)
            delay = min(2 * delay, 60.0)
        return at - down_for

    rank = int(DEVICES * BACK_SHARE) - 1
    return statistics.median(
        sorted(first_attempt_after_return() for _ in range(DEVICES))[rank] for _ in range(200))


def one_round(programs, folder):
    port = free_port()
    broker = start_broker(folder, port)
    data = f"{folder}/data"
    os.mkdir(data)
    with open(f"{data}/tokens.json", "w") as tokens:
        json.dump({f"sim-{i:03}": f"token-{i}" for i in range(1, DEVICES + 1)}, tokens)
    run = subprocess.Popen(
        [f"{programs}/run_telemetry", "--data-dir", data, "--mqtt-port", str(port),
         "--metrics-write-sec", "0.1"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def connected():
        try:
            with open(f"{data}/metrics.json") as file:
                return json.load(file)["connected_devices"]
        except FileNotFoundError:
            return 0

    try:
        wait_until(lambda: connected() == DEVICES, 30, "the first connecting")
        broker.kill()
        broker.wait()
        killed = time.monotonic()
        time.sleep(DOWN_FOR)
        broker = start_broker(folder, port)
        back = time.monotonic()
        wait_until(lambda: connected() >= BACK_SHARE * DEVICES, 120, "the recovery")
        return back - killed, time.monotonic() - back
    finally:
        run.send_signal(signal.SIGINT)
        run.wait(60)
        broker.kill()
        broker.wait()


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    programs = os.environ.get("STRESSKIT_BIN", f"{root}/build/release/bin")
    ratios = []
    for number in range(1, rounds + 1):
        folder = tempfile.mkdtemp(prefix="recovery-bench.")
        try:
            down, took = one_round(programs, folder)
        finally:
            shutil.rmtree(folder)
        schedule = allowed(down)
        ratios.append(took / schedule)
        print(f"round {number}: down {down:.2f} s, 99 % back after {took:.2f} s, "
              f"schedule {schedule:.2f} s, ratio {ratios[-1]:.2f}", flush=True)
    middle = statistics.median(ratios)
    print(f"ratio: median {middle:.2f}, {min(ratios):.2f} to {max(ratios):.2f}; "
          f"allowed {ALLOWED}")
    return 0 if middle <= ALLOWED else 1


if __name__ == "__main__":
    sys.exit(main())
