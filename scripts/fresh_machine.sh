#!/usr/bin/env bash
# Proves what the README promises on a machine that has nothing: a bare Debian 12 made with
# debootstrap, entered with chroot. As root; from where this machine gets its own packages.
#
#   scripts/fresh_machine.sh            all of these, an hour and more
#   scripts/fresh_machine.sh demo       the first of the two commands, on a copy of what is committed
#   scripts/fresh_machine.sh test       the second one
#   scripts/fresh_machine.sh package    the Debian package, made there and installed on another
#                                       machine, where it goes through the whole workflow
set -euo pipefail
cd "$(dirname "$0")/.."

steps=("$@")
[ $# -gt 0 ] || steps=(demo test package)
[ "$(id -u)" = 0 ] || { echo "fresh_machine: run me as root" >&2; exit 2; }
command -v debootstrap >/dev/null || { echo "fresh_machine: needs debootstrap" >&2; exit 2; }

work=$(mktemp -d "${TMPDIR:-/var/tmp}/stresskit-fresh.XXXXXX")
trap 'rm -rf --one-file-system "$work"' EXIT

step() { printf '\n==> %s\n' "$1"; }

# "http://... bookworm main": this machine's own sources of Debian, one a line.
debian_sources() {
  # shellcheck disable=SC2016  # apt's variables
  apt-get indextargets --format '$(ORIGIN) $(REPO_URI) $(CODENAME) $(COMPONENT)' \
    'Created-By: Packages' | sed -n 's/^Debian //p' | sort -u
}

# make_machine NAME: a root with Debian's smallest set of packages.
make_machine() {
  local root=$work/$1
  if [ ! -d "$work/bare" ]; then
    local mirror
    mirror=$(debian_sources | awk '$2 == "bookworm" { print $1; exit }')
    debootstrap --variant=minbase bookworm "$work/bare" "$mirror" >"$work/debootstrap.log" ||
      { tail -n 20 "$work/debootstrap.log" >&2; exit 1; }
    debian_sources | sed 's/^/deb /' >"$work/bare/etc/apt/sources.list"
    apt-config dump Acquire | grep -i proxy >"$work/bare/etc/apt/apt.conf.d/50proxy" || true
    cp /etc/resolv.conf "$work/bare/etc/resolv.conf"
    # Where the network has a certificate authority of its own, npm must know it there, too.
    cat "${NODE_EXTRA_CA_CERTS:-/dev/null}" >"$work/bare/etc/npm-authorities.pem"
  fi
  cp -a "$work/bare" "$root"
}

# on NAME COMMAND...: there, with processes of its own, all of which end with the command.
on() {
  local root=$work/$1
  shift
  # shellcheck disable=SC2016  # for the inner shell
  unshare --mount --pid --fork --kill-child bash -c '
    mount -t proc proc "$1/proc"
    mount --rbind /dev "$1/dev"
    mount -t tmpfs tmpfs "$1/dev/shm"
    root=$1; shift
    exec env -i HOME=/root LANG=C.UTF-8 NODE_EXTRA_CA_CERTS=/etc/npm-authorities.pem \
      PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
      chroot "$root" "$@"' _ "$root" "$@"
}

# The commands of the README, so that it and this script cannot say different things.
readme_command() {
  sed -n '/^## Two commands/,/^## /p' README.md | sed -n "s,^\(scripts/$1\.sh\).*,\1,p"
}

# The machine that builds, with the sources in /kit.
sources_machine() {
  [ ! -d "$work/sources" ] || return 0
  step "A bare Debian 12"
  make_machine sources
  mkdir "$work/sources/kit"
  git archive HEAD | tar -x -C "$work/sources/kit"
}

run_readme_command() {
  sources_machine
  local command
  command=$(readme_command "$1")
  step "README: $command"
  on sources sh -c "cd /kit && $command"
}

# What a user without rights does with the installed kit.
workflow='
set -eu
cd "$(mktemp -d)"
run_sandbox --port 0 --mqtt-port 0 --env-out "$PWD/.env" >sandbox.out &
until [ -s .env ]; do sleep 0.1; done
echo DASHBOARD_HOST=127.0.0.1 >>.env
echo DEVICE_COUNT=50 >>.env
check_connectivity
provision
run_dashboard --dashboard-port 5000 &
run_telemetry --bursts 5 --threshold "lost==0"
make_report
exec 3<>/dev/tcp/127.0.0.1/5000
printf "GET / HTTP/1.1\r\nConnection: close\r\n\r\n" >&3
grep -q "<title>" <&3 && echo "the page is served"
delete_by_prefix --yes
'

install_package() {
  sources_machine
  step "The Debian package, made on the bare machine"
  on sources sh -c 'cd /kit && scripts/setup.sh build &&
    cmake --preset release -DSTRESSKIT_TESTS=OFF -DSTRESSKIT_BENCH=OFF >/dev/null &&
    cmake --build --preset release && cpack --config build/release/CPackConfig.cmake -B /package'
  make_machine package
  cp "$work"/sources/package/*.deb "$work/package/root/"
  step "Installed on another one: $(cd "$work/package/root" && ls ./*.deb)"
  on package sh -c 'apt-get update -q && DEBIAN_FRONTEND=noninteractive \
    apt-get install -q -y --no-install-recommends /root/*.deb'
  step "The workflow there, as a user without rights"
  on package setpriv --reuid=65534 --regid=65534 --clear-groups bash -c "$workflow"
}

for name in "${steps[@]}"; do
  case $name in
    demo | test) run_readme_command "$name" ;;
    package) install_package ;;
    *) echo "usage: scripts/fresh_machine.sh [demo] [test] [package]" >&2; exit 2 ;;
  esac
done
step "Done: ${steps[*]}"
