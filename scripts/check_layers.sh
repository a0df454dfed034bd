#!/usr/bin/env bash
# Reads the #include lines of every room and fails when one looks up or sideways, or when a
# library is used outside the one room that may touch it.
set -euo pipefail
cd "$(dirname "$0")/.."

declare -A rank=(
  [support]=0 [config]=1 [fleet]=1 [metrics]=2 [thingsboard]=2 [mqtt]=2
  [delivery]=3 [provision]=3 [preflight]=3 [control]=3 [burst]=4 [verification]=4
  [report]=5 [dashboard]=6)

bad=0
complain() { echo "$1" >&2; bad=1; }

while IFS=: read -r file line text; do
  room=$(sed -E 's#^(include/stresskit|src)/([a-z]+)/.*#\2#' <<<"$file")
  other=$(sed -E 's#.*"stresskit/([a-z]+)/.*#\1#' <<<"$text")
  [ "$room" = "$other" ] && continue
  if [ "$room" = sandbox ]; then
    [ "$other" = support ] || complain "$file:$line: sandbox may include support only, not $other"
  elif [ -z "${rank[$room]:-}" ] || [ -z "${rank[$other]:-}" ]; then
    complain "$file:$line: unknown room: $room -> $other"
  elif [ "${rank[$other]}" -ge "${rank[$room]}" ]; then
    complain "$file:$line: $room may not include $other (rank ${rank[$room]} -> ${rank[$other]})"
  fi
done < <(grep -rnE '#include "stresskit/' include src --include='*.hpp' --include='*.cpp')

# library header -> the rooms that may include it
while read -r header rooms; do
  while IFS=: read -r file line _; do
    room=$(sed -E 's#^(include/stresskit|src)/([a-z]+)/.*#\2#' <<<"$file")
    [[ " $rooms " == *" $room "* ]] || complain "$file:$line: only $rooms may include <$header...>"
  done < <(grep -rnE "#include <$header" include src --include='*.hpp' --include='*.cpp')
done <<'TABLE'
spdlog/ support
cxxopts config
curl/ thingsboard
mqtt/ mqtt
openssl/ mqtt sandbox
httplib dashboard sandbox
prometheus/ dashboard
zlib dashboard
pugixml report
TABLE

[ $bad = 0 ] && echo "layers: every include goes down the stairs"
exit $bad
