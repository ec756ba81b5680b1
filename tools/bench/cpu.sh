#!/usr/bin/env bash
# Times `lejepa bench step` beside PyTorch on this machine, interleaved (A B A B), and prints the ratios.
#
#   tools/bench/cpu.sh [--threads N] [--steps S] [--rounds R] [--precision fp32|bf16|both] [--eager] [CASE...]
#
# PyTorch runs eager and, unless --eager is given, with torch.compile, which needs a C++ compiler.
# A CASE is MODEL:IMAGE:PATCH:IMAGES:VIEWS, with nothing for PATCH where a model has none (resnet18:64::16:4); without
# any, the two cases of docs/benchmarks.md. ConvNets run in channels_last in PyTorch.
# PYTHON names the interpreter that has tools/interop/requirements.txt (default: python3).
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
python=${PYTHON:-python3}
threads=2 steps=8 rounds=2 precision=both compile=1
cases=()

while (($#)); do
    case $1 in
        --threads) threads=$2; shift 2 ;;
        --steps) steps=$2; shift 2 ;;
        --rounds) rounds=$2; shift 2 ;;
        --precision) precision=$2; shift 2 ;;
        --eager) compile=0; shift ;;
        -h | --help) sed -n '2,9s/^# \{0,1\}//p' "$0"; exit 0 ;;
        -*) echo "cpu.sh: unknown flag $1 (see --help)" >&2; exit 2 ;;
        *) cases+=("$1"); shift ;;
    esac
done
if ((${#cases[@]} == 0)); then
    cases=(vit_small_patch8_224:128:8:4:4 vit_tiny_patch16_224:32:4:32:4)
fi

results=$(mktemp)
trap 'rm -f "$results"' EXIT

# Appends "SIDE<tab>JSON", the JSON being the last line that the command prints.
measure() {
    local side=$1 line
    shift
    line=$("$@" | tail -n 1) || { echo "cpu.sh: failed: $*" >&2; exit 1; }
    printf '%s\t%s\n' "$side" "$line" >>"$results"
    printf '  %-7s %s\n' "$side" "$line" >&2
}

if [ "$precision" = both ]; then
    precisions=(fp32 bf16)
else
    precisions=("$precision")
fi
for spec in "${cases[@]}"; do
    IFS=: read -r model image patch images views <<<"$spec"
    for precision in "${precisions[@]}"; do
        flags=(--model "$model" --image "$image" --images "$images" --views "$views"
            --precision "$precision" --threads "$threads" --steps "$steps")
        [ -z "$patch" ] || flags+=(--patch "$patch")
        echo "$spec ($precision, $threads threads)" >&2
        : >"$results"
        for ((round = 0; round < rounds; round++)); do
            measure lejepa "$root/lejepa" bench step "${flags[@]}" --json
            measure eager "$python" "$root/tools/bench/torch_step.py" "${flags[@]}"
            if ((compile)); then
                measure compile "$python" "$root/tools/bench/torch_step.py" "${flags[@]}" --warmup 3 --compile
            fi
        done
        "$python" "$root/tools/bench/ratio.py" "$spec $precision" "$results"
    done
done
