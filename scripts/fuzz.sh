#!/usr/bin/env bash
# Installs what is missing, builds the fuzz targets, and runs them, as many at a time as there are cores, each from what
# is saved of it in tests/fuzz/corpus and what earlier runs found (build/fuzz/corpus). Fails when one is broken.
#
#   scripts/fuzz.sh [--save] [SECONDS [TARGET...]]   SECONDS for each target, 60 by default; every target by default
#                                                    --save: keep in tests/fuzz/corpus what reaches something new
set -euo pipefail
cd "$(dirname "$0")/.."
is_saving=false
if [ "${1:-}" = --save ]; then
    is_saving=true
    shift
fi
export seconds=${1:-60}
shift || set --
targets=("$@")
[ "${#targets[@]}" -gt 0 ] || mapfile -t targets < <(ls tests/fuzz/corpus)

scripts/install-deps.sh
scripts/install-deps.sh --fuzz
CXX=$(command -v clang++-16 || command -v clang++-19) cmake --preset fuzz >/dev/null
cmake --build --preset fuzz

export state=build/fuzz/state
mkdir -p "$state/log" "$state/broken"

fuzz() { # TARGET: prints one line; status 1 when it is broken
    local target=$1 program=build/fuzz/tests/fuzz/ttsave-fuzz-$1 log=$state/log/$1
    mkdir -p "$state/corpus/$target"
    if "$program" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -artifact_prefix="$state/broken/$target-" \
        "$state/corpus/$target" "tests/fuzz/corpus/$target" >"$log" 2>&1; then
        local end='DONE +cov: ([0-9]+) ft: ([0-9]+)'
        local counts='Done ([0-9]+) runs'
        [[ $(<"$log") =~ $counts ]] && local runs=${BASH_REMATCH[1]}
        [[ $(<"$log") =~ $end ]] && local edges=${BASH_REMATCH[1]}
        printf '%-18s held   %10s runs, %5s edges\n' "$target" "${runs:-?}" "${edges:-?}"
        return
    fi
    local input
    input=$(sed -n 's/.*Test unit written to //p' "$log" | tail -n1)
    printf '%-18s BROKEN\n' "$target"
    grep -E 'broken promise|runtime error|ERROR: |SUMMARY' "$log" | sed 's/^/    /' || tail -n5 "$log" | sed 's/^/    /'
    printf '    again: %s %s\n    where: %s\n' "$program" "${input:-(no file)}" "$log"
    return 1
}
export -f fuzz

printf '%s\n' "${targets[@]}" | xargs -P "$(nproc)" -I{} bash -c 'fuzz {}'

if $is_saving; then
    for target in "${targets[@]}"; do
        merged=$state/merged/$target
        rm -rf "$merged"
        mkdir -p "$merged"
        "build/fuzz/tests/fuzz/ttsave-fuzz-$target" -set_cover_merge=1 -use_counters=0 "$merged" "tests/fuzz/corpus/$target" \
            "$state/corpus/$target" >"$state/log/$target-merge" 2>&1
        cp -n "$merged"/* "tests/fuzz/corpus/$target/"
    done
fi
