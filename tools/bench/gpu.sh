#!/usr/bin/env bash
# Learns from a CUDA device what can be learned, in the order of what we most need to know, and prints a line for each stage:
#
#   golden   reference numbers of models, losses and training steps, computed on the device
#   kernels  our kernels against PyTorch or double precision, and their times
#   losses   200 steps on the device and on host cores: how far apart the losses' means of 50 steps are
#   bits     two --deterministic runs: whether their parameters have the same bits
#   step     `lejepa bench step` beside PyTorch eager and torch.compile, interleaved, in fp32 (TF32 products) and bf16 (AMP): a table
#            of ms, images/s, MFU, peak memory, ratio, and the roofline beside what was measured
#
#   tools/bench/gpu.sh [--device cuda:N|cpu] [--stages golden,step] [--steps S] [--rounds R] [--cuda-graph] [--out FILE] [CASE...]
#
# A CASE is MODEL:IMAGE:PATCH:IMAGES:VIEWS:LOCAL_VIEWS:LOCAL_IMAGE; without any, the three cases of docs/benchmarks.md. FILE gets
# the table. `--device cpu` (or DEVICE=cpu) tries the script itself: small sizes, and kernels on emulated warps, which g++ compiles.
# PYTHON names the interpreter that has tools/interop/requirements.txt (default: python3). CASES is a folder of golden cases
# (default: those that come with the program). KERNELS is a folder that `tools/bench/kernels.sh FOLDER` wrote on a machine with
# JDK and Maven (`kernels.sh FOLDER 1 40 64 1` for --device cpu); without it attention's are the only kernels that are checked.
# The program is started by ./lejepa or, on a machine without JDK and Maven, by JAVA with the class path of NATIVES (a folder or
# jar with ONNX Runtime's build for CUDA) and JARS (a folder with the jars that tools/target/launcher/classpath names, and ours).
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
python=${PYTHON:-python3}
device=${DEVICE:-cuda:0} stages=golden,kernels,losses,bits,step steps= rounds= out=
ours=()
cases=()

while (($#)); do
    case $1 in
        --device) device=$2; shift 2 ;;
        --stages) stages=$2; shift 2 ;;
        --steps) steps=$2; shift 2 ;;
        --rounds) rounds=$2; shift 2 ;;
        --cuda-graph) ours+=(--cuda-graph); shift ;;
        --out) out=$2; shift 2 ;;
        -h | --help) sed -n '2,19s/^# \{0,1\}//p' "$0"; exit 0 ;;
        -*) echo "gpu.sh: unknown flag $1 (see --help)" >&2; exit 2 ;;
        *) cases+=("$1"); shift ;;
    esac
done
for stage in ${stages//,/ }; do
    case $stage in
        golden | kernels | losses | bits | step) ;;
        *) echo "gpu.sh: unknown stage $stage (see --help)" >&2; exit 2 ;;
    esac
done

# On host cores the script is tried, not the machine.
trained=200
if [ "$device" = cpu ]; then
    trained=20 steps=${steps:-2} rounds=${rounds:-1}
    ((${#cases[@]})) || cases=(vit_tiny_patch16_224:32:4:8:2:0:0)
fi
steps=${steps:-20} rounds=${rounds:-2}
((${#cases[@]})) ||
    cases=(vit_small_patch8_224:128:8:256:4:0:0 vit_base_patch16_224:224:16:128:2:6:96 vit_large_patch14_224:224:14:64:2:6:98)

# Starts Java on the machine at hand: with classes of a folder before those of the program.
java_with() {
    local classes=$1 root_jars
    shift
    if [ -n "${NATIVES:-}" ]; then
        root_jars="$NATIVES:${JARS:?JARS must name the folder of jars where NATIVES is set}/*"
    else
        root_jars=$(echo "$root"/tools/target/lejepa-tools-*.jar):$(cat "$root/tools/target/launcher/classpath")
        [ "$device" = cpu ] || root_jars+=:$(sed 's/.*:\([^:]*onnxruntime-[^:]*-linux-x86_64\)\.jar.*/\1-gpu.jar/' <<<":$root_jars:")
    fi
    "${JAVA:-java}" -Xmx4g -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
        --add-modules jdk.incubator.vector -Djava.awt.headless=true \
        ${NATIVES:+-Dorg.bytedeco.javacpp.platform.extension=-gpu} -cp "${classes:+$classes:}$root_jars" "$@"
}

lejepa() {
    if [ -n "${NATIVES:-}" ]; then
        java_with "" dev.lejepa.tools.cli.Main "$@"
    else
        "$root/lejepa" "$@"
    fi
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
results=$work/results
: >"$results"

failed=0

# Runs a stage, tells its last line and goes on whatever it does.
stage() {
    local name=$1 code=0 outcome=done
    [[ ,$stages, == *,$name,* ]] || return 0
    echo "--- $name" >&2
    "$name" >"$work/$name" || code=$?
    if ((code != 0)); then
        outcome="failed with $code" failed=1
    fi
    printf '%s\t%s\t%s\n' "$name" "$outcome" "$(tail -n 1 "$work/$name")"
}

golden() {
    lejepa selfcheck ${CASES:+--cases "$CASES"} --target ort --device "$device" --json
}

kernels() {
    local code=0
    # Runs a script of this folder and shows its last line.
    check() {
        "$python" "$root/tools/bench/$1" "${@:2}" | tail -n 1 | tee /dev/stderr || code=1
    }
    if [ -n "${KERNELS:-}" ]; then
        check cuda_kernels.py "$KERNELS" "$device"
        check cuda_products.py "$KERNELS" "$device"
        check cuda_updates.py "$KERNELS" "$device"
        local convolutions=(64 1)
        [ "$device" != cpu ] || convolutions=(1 4)
        if java_with "$KERNELS/classes" dev.lejepa.runtime.ort.ConvRuns "$work/convolutions" "$device" "${convolutions[@]}" >&2; then
            check cuda_convolutions.py "$work/convolutions" "$device"
        else
            code=1
        fi
    else
        echo "gpu.sh: kernels of rows, products with formulas, updates and convolutions are left out: KERNELS is not set" >&2
    fi
    check cuda_attention.py --quick --device "$device"
    return $code
}

# Images of two classes: waves along either axis, of random length and colors.
images() {
    "$python" - "$work/images" <<'PYTHON'
import math
import pathlib
import random
import struct
import sys

SIZE = 64  # rows of 192 bytes, which need no padding
HEADER = struct.pack("<2sIII", b"BM", 54 + 3 * SIZE**2, 0, 54) + struct.pack("<IiiHHIIiiII", 40, SIZE, SIZE, 1, 24, *[0] * 6)
draw = random.Random(1)
for part, count in (("train", 256), ("val", 64)):
    for number in range(count):
        across = number % 2
        folder = pathlib.Path(sys.argv[1], part, ("along", "across")[across])
        folder.mkdir(parents=True, exist_ok=True)
        length, phase = draw.uniform(4, 16), draw.uniform(0, 6.28)
        colors = [draw.uniform(40, 110) for _ in range(3)]
        pixels = bytes(
            int(128 + c * math.sin((i if across else j) / length * 6.28 + phase) + draw.uniform(-15, 15))
            for i in range(SIZE)
            for j in range(SIZE)
            for c in colors
        )
        (folder / f"{number}.bmp").write_bytes(HEADER + pixels)
PYTHON
}

# Trains into a folder of $work, on a device, with flags.
train() {
    local run=$1 on=$2
    shift 2
    [ -d "$work/images" ] || images
    lejepa train --config "$root/recipes/demo.yaml" --set "data.train=$work/images/train" --set "data.val=$work/images/val" \
        --set "train.steps=$trained" --device "$on" --out "$work/$run" "$@" --json
}

losses() {
    train device "$device" && train host cpu && "$python" - "$work/device" "$work/host" <<'PYTHON'
import json
import pathlib
import sys


def means(run, count=50):
    lines = map(json.loads, pathlib.Path(run, "metrics.jsonl").read_text().splitlines())
    losses = [e["loss"] for e in lines if e["event"] == "step"]
    return [sum(losses[i : i + count]) / len(losses[i : i + count]) for i in range(0, len(losses), count)]


device, host = map(means, sys.argv[1:])
apart = max(abs(a - b) / abs(b) for a, b in zip(device, host, strict=True))
print(json.dumps({"device": device, "host": host, "largest_relative_difference": apart}))
sys.exit(apart > 0.01)
PYTHON
}

bits() {
    train first "$device" --deterministic && train second "$device" --deterministic || return
    local file same=0
    for file in "$work"/first/checkpoints/*/model.safetensors; do
        cmp "$file" "$work/second/${file#"$work/first/"}" || return
        same=$((same + 1))
    done
    echo "{\"checkpoints_with_the_same_bits\": $same}"
    ((same > 0))
}

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

step() {
    local spec precision round model image patch images views local_views local_image flags card
    for spec in "${cases[@]}"; do
        IFS=: read -r model image patch images views local_views local_image <<<"$spec"
        for precision in bf16 fp32; do
            flags=(--model "$model" --image "$image" --patch "$patch" --images "$images" --views "$views"
                --precision "$precision" --device "$device" --steps "$steps" --tf32)
            if ((local_views > 0)); then
                flags+=(--local-views "$local_views" --local-image "$local_image")
            fi
            echo "$spec ($precision)" >&2
            for ((round = 0; round < rounds; round++)); do
                measure "$spec" "$precision" lejepa lejepa bench step "${flags[@]}" "${ours[@]}" --json
                measure "$spec" "$precision" compile "$python" "$root/tools/bench/torch_step.py" "${flags[@]}" --warmup 5 --compile
                measure "$spec" "$precision" eager "$python" "$root/tools/bench/torch_step.py" "${flags[@]}"
            done
        done
    done
    card="host cores"
    [ "$device" = cpu ] || card=$(nvidia-smi --query-gpu=name --format=csv,noheader --id="${device#cuda:}" | head -n 1)
    "$python" "$root/tools/bench/gpu_table.py" "$card" "$results" | tee ${out:+"$out"} >&2
    wc -l <"$results" | sed 's/ *\(.*\)/\1 measurements/'
}

for name in golden kernels losses bits step; do
    stage "$name"
done
exit $failed
