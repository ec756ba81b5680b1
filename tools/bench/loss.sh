#!/usr/bin/env bash
# Times `lejepa bench loss` for Epps-Pulley beside PyTorch's autograd on this machine, interleaved (A B A B), and prints
# the ratios.
#
#   tools/bench/loss.sh [--threads N] [--rounds R] [N...]
#
# N are numbers of samples; without any, 256 and 2048. Width 64, 1,024 slices, 17 knots.
# PYTHON names the interpreter that has tools/interop/requirements.txt (default: python3).
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
python=${PYTHON:-python3}
threads=2 rounds=2
sizes=()

while (($#)); do
    case $1 in
        --threads) threads=$2; shift 2 ;;
        --rounds) rounds=$2; shift 2 ;;
        -h | --help) sed -n '2,8s/^# \{0,1\}//p' "$0"; exit 0 ;;
        -*) echo "loss.sh: unknown flag $1 (see --help)" >&2; exit 2 ;;
        *) sizes+=("$1"); shift ;;
    esac
done
if ((${#sizes[@]} == 0)); then
    sizes=(256 2048)
fi

# The least time that a command's last line tells, in milliseconds.
least() {
    "$@" | tail -n 1 | "$python" -c 'import json, sys; print(json.load(sys.stdin)["ms_min"])'
}

for n in "${sizes[@]}"; do
    ours=() torch=()
    for ((round = 0; round < rounds; round++)); do
        ours+=("$(least "$root/lejepa" bench loss --n "$n" --no-sweep --threads "$threads" --json 2>/dev/null)")
        torch+=("$(least "$python" "$root/tools/bench/torch_loss.py" --n "$n" --threads "$threads")")
    done
    "$python" - "$n" "${ours[*]}" "${torch[*]}" <<'PYTHON'
import json
import sys

n, ours, torch = sys.argv[1], *(min(map(float, a.split())) for a in sys.argv[2:])
print(json.dumps({"n": int(n), "ours_ms": ours, "torch_ms": torch, "ratio": round(torch / ours, 1)}))
PYTHON
done
