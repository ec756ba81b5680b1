#!/usr/bin/env bash
# Runs kernels without a GPU, on emulated warps, and compares them with double precision. Needs g++, and a JDK for GRAPHS.
#
#   [SHAPES=100] [LONGEST=1000] [KINDS='bf16 sm_90 tf32 fp32'] [GRAPHS=3000] [SEED=1] \
#       tools/interop/cuda_emulation/check.sh [WIDTH...]
#
# The kernels of attention are run for some shapes and for SHAPES random ones of at most LONGEST tokens, for each kind of
# product; `sm_90` is bf16 with four warps together, forward for heads of 64 and 128, both passes with TMA for those of 64. With GRAPHS,
# those that are written for formulas of rows are run for so many random graphs, and updates for a hundredth as many
# optimizers, and a twentieth as many products with formulas; graphs follow from SEED.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
sources=$here/../../../runtime/src/main/resources/dev/lejepa/runtime/cuda
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

same=(attention_{tiles,registers})
passes=(attention_{forward,queries,keys})
sourcesOf() {
    local kept=(attention_{kept_strips,products}) inRegisters=(attention_{bf16_strips,products})
    case $1 in
    bf16) echo instructions attention_bf16 "${same[@]}" && if (($2 > 128)); then
        echo "${kept[@]}" "${passes[@]}" attention_sums
    else
        echo "${inRegisters[@]}" "${passes[@]}" attention_{head,sums}
    fi ;;
    sm_90)
        sourcesOf bf16 "$2" && echo warpgroups warpgroup_strips attention_warpgroups
        [[ $2 != 64 ]] || echo attention_stages attention_{forward,gradients,head}_together
        ;;
    *) echo instructions "attention_$1" attention_float "${same[@]}" attention_kept_strips attention_float_results \
        "attention_$1_products" "${passes[@]}" attention_sums ;;
    esac
}

# Ends a run that reads or writes something that does not begin at a multiple of its size, which a device does not take.
aligned=(-fsanitize=alignment -fsanitize-undefined-trap-on-error)

widths=(64 16 32 72 80 96 128 1 15 21 76 130 192 250 256)
(($#)) && widths=("$@")
for kind in ${KINDS:-bf16 sm_90 tf32 fp32}; do
    for w in "${widths[@]}"; do
        [[ $kind != sm_90 || $w == 64 || $w == 128 ]] || continue
        echo "$kind, width $w"
        # The one thing that C++ cannot say: a block's shared memory, sized when the kernel is launched.
        for source in $(sourcesOf "$kind" "$w"); do
            sed 's/extern __shared__ __align__(16) element shared\[\];/element *shared = (element *)sharedMemory.data();/' \
                "$sources/$source.cu"
        done >"$work/attention_host.inc"
        g++ -std=c++20 -O2 -w "${aligned[@]}" -DHEAD="$w" -I"$work" -I"$here" "$here/check_attention.cpp" -o "$work/check"
        "$work/check" "${LONGEST:-1000}" "${SHAPES:-0}"
    done
done

if ((${GRAPHS:-0} > 0)); then
    cd "$here/../../.."
    ./mvnw -B -ntp -q -pl runtime -am test -Dtest='Seeded*Test,UpdateCodeTest' -Dsurefire.failIfNoSpecifiedTests=false \
        "-Drows.graphs=$GRAPHS" "-Drows.seed=${SEED:-1}" "-Dproducts.graphs=$((GRAPHS / 20 + 1))" \
        "-Dupdates.optimizers=$((GRAPHS / 100 + 1))"
    echo "$GRAPHS random graphs agree"
fi
