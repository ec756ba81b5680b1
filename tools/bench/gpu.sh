#!/usr/bin/env bash
# Times `lejepa bench step` beside PyTorch on a CUDA device, interleaved, in fp32 (TF32 products) and bf16, against PyTorch
# eager and torch.compile (AMP in bf16), and prints a table: ms, images/s, MFU, peak memory, ratio.
#
#   tools/bench/gpu.sh [--device cuda:N] [--steps S] [--rounds R] [--cuda-graph] [--out FILE] [CASE...]
#
# A CASE is MODEL:IMAGE:PATCH:IMAGES:VIEWS:LOCAL_VIEWS:LOCAL_IMAGE; without any, the three cases of docs/benchmarks.md.
# PYTHON names the interpreter that has tools/interop/requirements.txt (default: python3). The program is started by
# ./lejepa or, on a machine without JDK and Maven, by JAVA with the class path of NATIVES (a folder or jar with ONNX
# Runtime's build for CUDA) and JARS (a folder with the jars that tools/target/launcher/classpath names, and ours).
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
python=${PYTHON:-python3}
device=cuda:0 steps=20 rounds=2 out=
ours=()
cases=()

while (($#)); do
    case $1 in
        --device) device=$2; shift 2 ;;
        --steps) steps=$2; shift 2 ;;
        --rounds) rounds=$2; shift 2 ;;
        --cuda-graph) ours+=(--cuda-graph); shift ;;
        --out) out=$2; shift 2 ;;
        -h | --help) sed -n '2,11s/^# \{0,1\}//p' "$0"; exit 0 ;;
        -*) echo "gpu.sh: unknown flag $1 (see --help)" >&2; exit 2 ;;
        *) cases+=("$1"); shift ;;
    esac
done
if ((${#cases[@]} == 0)); then
    cases=(vit_small_patch8_224:128:8:256:4:0:0 vit_base_patch16_224:224:16:128:2:6:96 vit_large_patch14_224:224:14:64:2:6:98)
fi

lejepa() {
    if [ -n "${NATIVES:-}" ]; then
        "${JAVA:-java}" -Xmx1500m -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
            -Djava.awt.headless=true -Dorg.bytedeco.javacpp.platform.extension=-gpu \
            -cp "$NATIVES:${JARS:?JARS must name the folder of jars where NATIVES is set}/*" dev.lejepa.tools.cli.Main "$@"
    else
        "$root/lejepa" "$@"
    fi
}

results=$(mktemp)
trap 'rm -f "$results"' EXIT

# Appends "CASE<tab>PRECISION<tab>SIDE<tab>JSON", the JSON being the last line that the command prints. A side that fails,
# out of memory for one, is told and left out.
measure() {
    local spec=$1 precision=$2 side=$3 line
    shift 3
    if ! line=$("$@" | tail -n 1); then
        echo "gpu.sh: $side failed on $spec in $precision" >&2
        return 0
    fi
    printf '%s\t%s\t%s\t%s\n' "$spec" "$precision" "$side" "$line" >>"$results"
    printf '  %-8s %s\n' "$side" "$line" >&2
}

for spec in "${cases[@]}"; do
    IFS=: read -r model image patch images views local_views local_image <<<"$spec"
    for precision in fp32 bf16; do
        flags=(--model "$model" --image "$image" --patch "$patch" --images "$images" --views "$views"
            --precision "$precision" --device "$device" --steps "$steps" --tf32)
        if ((local_views > 0)); then
            flags+=(--local-views "$local_views" --local-image "$local_image")
        fi
        echo "$spec ($precision)" >&2
        for ((round = 0; round < rounds; round++)); do
            measure "$spec" "$precision" lejepa lejepa bench step "${flags[@]}" "${ours[@]}" --json
            measure "$spec" "$precision" eager "$python" "$root/tools/bench/torch_step.py" "${flags[@]}"
            measure "$spec" "$precision" compile "$python" "$root/tools/bench/torch_step.py" "${flags[@]}" --warmup 5 --compile
        done
    done
done

card=$(nvidia-smi --query-gpu=name --format=csv,noheader --id="${device#cuda:}" | head -n 1)
"$python" "$root/tools/bench/gpu_table.py" "$card" "$results" | tee ${out:+"$out"}
