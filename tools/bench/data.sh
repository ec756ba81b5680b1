#!/usr/bin/env bash
# Times `lejepa bench data` on one thread beside torchvision v2, on PIL images and on tensors, interleaved (A B C A B C):
# the same files and the same recipe. Prints the fastest of each and the ratios; the last line is JSON.
#
#   tools/bench/data.sh [--recipe R.yaml] [--rounds R] DIR
#
# PYTHON names the interpreter that has tools/interop/requirements.txt (default: python3).
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
python=${PYTHON:-python3}
rounds=2 data=
flags=()

while (($#)); do
    case $1 in
        --recipe) flags+=(--recipe "$2"); shift 2 ;;
        --rounds) rounds=$2; shift 2 ;;
        -h | --help) sed -n '2,7s/^# \{0,1\}//p' "$0"; exit 0 ;;
        -*) echo "data.sh: unknown flag $1 (see --help)" >&2; exit 2 ;;
        *) data=$1; shift ;;
    esac
done
if [ -z "$data" ]; then
    echo "data.sh: a folder of images is needed (see --help)" >&2
    exit 2
fi

results=$(mktemp)
trap 'rm -f "$results"' EXIT

# Appends "SIDE<tab>JSON", the JSON being the last line that the command prints.
measure() {
    local side=$1 line
    shift
    line=$("$@" | tail -n 1) || { echo "data.sh: failed: $*" >&2; exit 1; }
    printf '%s\t%s\n' "$side" "$line" >>"$results"
    printf '  %-7s %s\n' "$side" "$line" >&2
}

for ((round = 0; round < rounds; round++)); do
    measure lejepa "$root/lejepa" bench data --data "$data" "${flags[@]}" --threads 1 --json
    measure pil "$python" "$root/tools/bench/torch_views.py" --data "$data" "${flags[@]}" --path pil
    measure tensor "$python" "$root/tools/bench/torch_views.py" --data "$data" "${flags[@]}" --path tensor
done
"$python" "$root/tools/bench/data_table.py" "$results"
