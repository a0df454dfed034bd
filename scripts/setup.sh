#!/usr/bin/env bash
# Installs what the kit is built and tested with: Debian packages, and what the lock files of the
# page and of its tests name, from the npm registry. The one script that installs.
#
#   scripts/setup.sh          everything, tests and benchmarks included
#   scripts/setup.sh build    only what building and running the programs takes
#   scripts/setup.sh fuzz     everything, and the compiler that scripts/fuzz.sh needs
#   scripts/setup.sh coverage everything, and what scripts/coverage.sh counts lines with
set -euo pipefail
cd "$(dirname "$0")/.."

what=${1:-all}
case $what in
  all | build | fuzz | coverage) ;;
  *) echo "setup.sh: unknown argument \"$what\": build, fuzz, coverage, or none" >&2; exit 2 ;;
esac

packages=(
  g++ cmake ninja-build pkg-config dpkg-dev file
  libcurl4-openssl-dev nlohmann-json3-dev libpaho-mqttpp-dev libpaho-mqtt-dev libssl-dev
  libcxxopts-dev libspdlog-dev libfmt-dev libcpp-httplib-dev libexpected-dev
  libpugixml-dev prometheus-cpp-dev zlib1g-dev
)
if [ "$what" != build ]; then
  packages+=(
    libgtest-dev libgmock-dev libbenchmark-dev bats mosquitto openssl curl jq procps
    util-linux clang-tidy cppcheck chromium python3 python3-jsonschema python3-prometheus-client
  )
fi
if [ "$what" = fuzz ]; then
  packages+=(clang libclang-rt-14-dev)
fi
if [ "$what" = coverage ]; then
  packages+=(gcovr)
fi
# Node may also have come from elsewhere, as a package of another cut that brings npm along.
command -v node >/dev/null || packages+=(nodejs)
command -v npm >/dev/null || packages+=(npm)

missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f='${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
done

# Everything of Debian's that is missing, without starting a service.
install_packages() {
  as_root=()
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || { echo "setup.sh: run me as root, or install sudo: missing ${missing[*]}" >&2; exit 2; }
    as_root=(sudo env DEBIAN_FRONTEND=noninteractive)
  fi

  echo "setup: installing ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive

  # Debian starts a service as soon as its package is installed; our tests start their own brokers
  # on ports of their own, so nothing may be started on 1883. A policy of ours is put back at once.
  policy=/usr/sbin/policy-rc.d
  made_policy=
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
    "${as_root[@]}" chmod +x "$policy"
    made_policy=1
  fi
  trap '[ -z "$made_policy" ] || "${as_root[@]}" rm -f "$policy"' EXIT

  "${as_root[@]}" apt-get update -q
  "${as_root[@]}" apt-get install -q -y --no-install-recommends "${missing[@]}"
}

# Exactly what a folder's lock file says, once for each state of that file.
install_modules() {
  local folder=$1
  cmp -s "$folder/package-lock.json" "$folder/node_modules/.installed-lock" && return
  echo "setup: installing the npm packages of $folder"
  (cd "$folder" && npm ci --ignore-scripts)
  cp "$folder/package-lock.json" "$folder/node_modules/.installed-lock"
}

[ ${#missing[@]} -eq 0 ] || install_packages
install_modules web
[ "$what" = build ] || install_modules tests/browser
