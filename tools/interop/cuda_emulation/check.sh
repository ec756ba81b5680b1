#!/usr/bin/env bash
# Runs kernels without a GPU, on emulated warps, and compares them with double precision. Needs g++, and a JDK for GRAPHS.
#
#   [SHAPES=100] [GRAPHS=3000] [SEED=1] tools/interop/cuda_emulation/check.sh [WIDTH...]
#
# The kernels of attention are run for some shapes and for SHAPES random ones. With GRAPHS, those that are written for formulas
# of rows are run for so many random graphs, and updates for a hundredth as many optimizers; graphs follow from SEED.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
sources=$here/../../../runtime/src/main/resources/dev/lejepa/runtime/cuda
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The one thing that C++ cannot say: a block's shared memory, sized when the kernel is launched.
sed 's/extern __shared__ __align__(16) bf16 shared\[\];/bf16 *shared = sharedMemory.data();/' \
    "$sources"/{instructions,attention_{tiles,products,forward,queries,keys,head,sums}}.cu >"$work/attention_host.inc"
widths=(64 16 32 80 96 128)
(($#)) && widths=("$@")
for w in "${widths[@]}"; do
    g++ -std=c++20 -O2 -w -DWIDTH="$w" -I"$work" -I"$here" "$here/check_attention.cpp" -o "$work/check"
    "$work/check" "${SHAPES:-0}"
done

if ((${GRAPHS:-0} > 0)); then
    cd "$here/../../.."
    ./mvnw -B -ntp -q -pl runtime -am test -Dtest='SeededRowsTest,UpdateCodeTest' -Dsurefire.failIfNoSpecifiedTests=false \
        "-Drows.graphs=$GRAPHS" "-Drows.seed=${SEED:-1}" "-Dupdates.optimizers=$((GRAPHS / 100 + 1))"
    echo "$GRAPHS random graphs agree"
fi
