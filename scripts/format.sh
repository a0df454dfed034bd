#!/usr/bin/env bash
# Formats every C++ file; with --check only says which ones differ.
set -euo pipefail
cd "$(dirname "$0")/.."

command -v clang-format >/dev/null || { echo "format.sh: clang-format is missing" >&2; exit 2; }
mode=(-i)
[ "${1:-}" != --check ] || mode=(--dry-run --Werror)
git ls-files -z '*.cpp' '*.hpp' | xargs -0 clang-format "${mode[@]}"
