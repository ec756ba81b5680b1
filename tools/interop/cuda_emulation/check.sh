#!/usr/bin/env bash
# Runs the attention kernels without a GPU, on emulated warps, and compares them with double precision. Needs g++.
#
#   [SHAPES=100] tools/interop/cuda_emulation/check.sh [WIDTH...]
#
# SHAPES random ones are run too.
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
