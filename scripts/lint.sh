#!/usr/bin/env bash
# Static analysis: cppcheck and clang-tidy over src/, apps/ and include/; any finding fails.
#
#   scripts/lint.sh          cppcheck over everything, and clang-tidy with its quick checks over what
#                            is installed except the sandbox: as scripts/test.sh runs it
#   scripts/lint.sh --full   every check of .clang-tidy over everything: half an hour on two cores
set -euo pipefail
cd "$(dirname "$0")/.."

# Chosen by what a check costs: these are cheap, and each finds mistakes a compiler does not.
# The dear ones (data flow, names, includes) need six times as long and run with --full.
quick='-*,bugprone-dangling-handle,bugprone-sizeof-expression,bugprone-string-constructor,'
quick+='bugprone-suspicious-*,bugprone-swapped-arguments,bugprone-unused-raii,'
quick+='bugprone-unused-return-value,cppcoreguidelines-pro-type-member-init,'
quick+='cppcoreguidelines-slicing,cppcoreguidelines-virtual-class-destructor,'
quick+='modernize-use-override,performance-move-const-arg,performance-noexcept-move-constructor,'
quick+='performance-unnecessary-value-param'
# clang 14 cannot compare tuples of different types with GCC 12's library: one file does.
tidy=(-checks="$quick" '/(src/(?!sandbox/|delivery/failure_table)|apps/)')
case "${1:-}" in
  "") ;;
  --full) tidy=('/(src/(?!delivery/failure_table)|apps/)') ;;
  *) echo "usage: scripts/lint.sh [--full]" >&2; exit 2 ;;
esac
for tool in cppcheck clang-tidy run-clang-tidy; do
  command -v $tool >/dev/null || { echo "lint: $tool is missing: scripts/setup.sh" >&2; exit 2; }
done

echo "lint: cppcheck"
cppcheck --std=c++20 --language=c++ --enable=warning,performance,portability --inline-suppr \
  --suppressions-list=scripts/cppcheck.suppressions --error-exitcode=1 --quiet -j "$(nproc)" \
  --template='{file}:{line}: {id}: {message}' -I include -I src src apps

echo "lint: clang-tidy"
# Configured only: it shows how each file is compiled, without the precompiled header.
cmake --preset dev -B build/lint -DSTRESSKIT_TESTS=OFF -DSTRESSKIT_BENCH=OFF >/dev/null
# What it prints of files without findings is the command line.
run-clang-tidy -quiet -p build/lint -j "$(nproc)" "${tidy[@]}" >build/lint/findings 2>build/lint/log || {
  grep -vE '^(clang-tidy|/usr/bin/clang-tidy)' build/lint/findings >&2
  exit 1
}
echo "lint: nothing found"
