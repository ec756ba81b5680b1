#!/usr/bin/env bash
# Writes what cuda_kernels.py, cuda_products.py, cuda_updates.py and cuda_convolutions.py check on a device: kernels as the
# engine writes them at the sizes of a ViT's step, how they are called, and the classes of a program that has the engine
# compute convolutions. Needs the JDK and Maven that ./lejepa needs, and no device.
#
#   tools/bench/kernels.sh FOLDER [IMAGES TOKENS WIDTH BLOCKS]
#
# Without sizes they are those of ViT-S/8: 1,024 views of 257 tokens, width 384, 12 blocks. `1 40 64 1` are small enough for
# emulated warps (tools/bench/gpu.sh --device cpu).
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
folder=${1:?usage: kernels.sh FOLDER [IMAGES TOKENS WIDTH BLOCKS]}
shift
sizes=("$@")
(($#)) || sizes=(1024 257 384 12)
((${#sizes[@]} == 4)) || { echo "kernels.sh: images, tokens, width and blocks are needed, or nothing for ViT-S/8's" >&2; exit 2; }

"$root/lejepa" --help >/dev/null
(cd "$root" && ./mvnw -B -ntp -q -pl runtime -am test-compile)
classes=$root/runtime/target/test-classes
"${JAVA_HOME:+$JAVA_HOME/bin/}java" -cp "$classes:$(echo "$root"/tools/target/lejepa-tools-*.jar):$(cat "$root/tools/target/launcher/classpath")" \
    dev.lejepa.runtime.cuda.KernelSources "$folder" "${sizes[@]}"
mkdir -p "$folder/classes/dev/lejepa/runtime/ort"
cp "$classes"/dev/lejepa/runtime/ort/ConvRuns*.class "$folder/classes/dev/lejepa/runtime/ort/"
echo "$folder: $(find "$folder" -type f | wc -l) files"
