#!/usr/bin/env bash
# Times `lejepa bench step` in 1, 2 and 4 processes that share this machine's cores, in turn, and prints what they reach
# beside one process with all cores and beside what the model of docs/scaling.md expects.
#
#   tools/bench/ranks.sh [--cores C] [--ranks "1 2 4"] [--steps S] [--rounds R] [--precision fp32|bf16] [CASE...]
#
# A process has C / R threads, at least one. A CASE is MODEL:IMAGE:PATCH:IMAGES:VIEWS; without any, ViT-Ti/4.
# Processes are started by mpirun, that of Open MPI or of MPICH.
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
python=${PYTHON:-python3}
cores=$(nproc) ranks="1 2 4" steps=10 rounds=2 precision=fp32
cases=()

while (($#)); do
    case $1 in
        --cores) cores=$2; shift 2 ;;
        --ranks) ranks=$2; shift 2 ;;
        --steps) steps=$2; shift 2 ;;
        --rounds) rounds=$2; shift 2 ;;
        --precision) precision=$2; shift 2 ;;
        -h | --help) sed -n '2,8s/^# \{0,1\}//p' "$0"; exit 0 ;;
        -*) echo "ranks.sh: unknown flag $1 (see --help)" >&2; exit 2 ;;
        *) cases+=("$1"); shift ;;
    esac
done
if ((${#cases[@]} == 0)); then
    cases=(vit_tiny_patch16_224:32:4:32:4)
fi

results=$(mktemp)
trap 'rm -f "$results"' EXIT

# Appends the JSON that the command ends with.
measure() {
    local line
    line=$("$@" | tail -n 1) || { echo "ranks.sh: failed: $*" >&2; exit 1; }
    printf '%s\n' "$line" >>"$results"
    printf '  %s\n' "$line" >&2
}

for spec in "${cases[@]}"; do
    IFS=: read -r model image patch images views <<<"$spec"
    flags=(--model "$model" --image "$image" --images "$images" --views "$views" --precision "$precision"
        --steps "$steps" --device cpu)
    [ -z "$patch" ] || flags+=(--patch "$patch")
    echo "$spec ($precision, $cores cores)" >&2
    : >"$results"
    for ((round = 0; round < rounds; round++)); do
        measure "$root/lejepa" bench step "${flags[@]}" --threads "$cores" --json
        alone=$("$python" "$root/tools/bench/ranks_table.py" --alone "$results")
        for r in $ranks; do
            ((r > 1)) || continue
            threads=$((cores / r > 0 ? cores / r : 1))
            measure "$root/lejepa" bench step "${flags[@]}" --threads "$threads" --ranks "$r" --one-ms "$alone" --json
        done
    done
    "$python" "$root/tools/bench/ranks_table.py" "$results"
done
