#!/usr/bin/env bash
# Tries what the program says of a CUDA device that lacks something, on a device that is imitated: ONNX Runtime's build for
# CUDA runs as it is, over libraries that compute nothing. Needs gcc, nm, unzip and that build (./lejepa --device cuda:0
# fetches it once); with NVRTC in LD_LIBRARY_PATH kernels are compiled too.
#
#   tools/reliability/fake_cuda/check.sh [FOLDER]        FOLDER keeps the libraries, to try others by hand:
#                                                        LD_LIBRARY_PATH=FOLDER ./lejepa ... --device cuda:0
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
libraries=${1:-$work/libraries}
mkdir -p "$libraries"

jar=$(find "${HOME}/.m2/repository/org/bytedeco/onnxruntime" -name 'onnxruntime-*-linux-x86_64-gpu.jar' | sort | tail -n 1)
[ -n "$jar" ] || { echo "check.sh: ONNX Runtime's build for CUDA is not in ~/.m2; ./lejepa --device cuda:0 fetches it" >&2; exit 2; }
unzip -q -j -o "$jar" '*/libonnxruntime_providers_cuda.so' -d "$work"
nm -D --undefined-only "$work/libonnxruntime_providers_cuda.so" | awk '{print $2}' >"$work/needed"

# library FILE [SOURCE]: a library with the functions of SOURCE, and all others that ONNX Runtime needs of it as ones that
# do nothing.
library() {
    local file=$1 source=${2:-/dev/null}
    cp "$source" "$work/$file.c"
    sed -n "s/^\([A-Za-z_0-9]*\)@*$file\$/\1/p" "$work/needed" | sort -u | while read -r name; do
        grep -q "\b$name(" "$source" || echo "long $name() { return 0; }" >>"$work/$file.c"
    done
    echo "$file { global: *; };" >"$work/versions"
    gcc -w -fno-builtin -shared -fPIC "-Wl,-soname,$file" "-Wl,--version-script=$work/versions" -o "$libraries/$file" "$work/$file.c"
}
library libcudart.so.13 "$here/runtime.c"
library libcublas.so.13 "$here/blas.c"
for file in libcublasLt.so.13 libcufft.so.12 libcudnn.so.9; do library "$file"; done
gcc -w -shared -fPIC -o "$libraries/libcuda.so.1" "$here/driver.c"

given=${LD_LIBRARY_PATH:-}
failed=0
# try CODE TEXT [VARIABLE=VALUE...] WORD...: runs lejepa with these words, and looks for the exit code and the text.
try() {
    local code=$1 text=$2 variables=() found=0 said
    shift 2
    while [[ $1 == *=* ]]; do variables+=("$1"); shift; done
    said=$(env XDG_CACHE_HOME="$work/cache" LD_LIBRARY_PATH="$libraries" "${variables[@]}" "$root/lejepa" "$@" 2>&1) || found=$?
    if [ "$found" = "$code" ] && grep -q -- "$text" <<<"$said"; then
        echo "ok      $text"
    else
        echo "FAILED  exit code $found for $code, or no '$text' in:"$'\n'"$said"
        failed=1
    fi
}
vit=(bench step --model vit_tiny_patch16_224 --image 32 --patch 8 --views 2 --precision bf16 --steps 1 --device cuda:0)
step=("${vit[@]}" --images 8)
large=("${vit[@]}" --images 128) # so many that kernels compute products with formulas, and two take attention's gradient
convnet=(bench step --model resnet18 --image 32 --images 4 --views 2 --precision bf16 --steps 1 --device cuda:0)
train=(train --config "$root/recipes/demo.yaml" --set "data.train=$work/images" --set train.steps=30 --set data.batch=8
    --set train.checkpoint_every_steps=8 --device cuda:0)

python3 - "$work/images" <<'PNG'
import os, struct, sys, zlib
def part(kind, data):
    return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))
for c in 'ab':
    os.makedirs(f'{sys.argv[1]}/{c}')
    for i in range(40):
        rows = b''.join(b'\0' + os.urandom(3 * 48) for _ in range(48))
        head = struct.pack('>IIBBBBB', 48, 48, 8, 2, 0, 0, 0)
        with open(f'{sys.argv[1]}/{c}/{i}.png', 'wb') as f:
            f.write(b'\x89PNG\r\n\x1a\n' + part(b'IHDR', head) + part(b'IDAT', zlib.compress(rows)) + part(b'IEND', b''))
PNG

try 0 'libnvrtc.so.13 (NVRTC, .*everything works' "${step[@]}"
try 0 'compute capability 8.0 (sm_80) or newer, this one is sm_75' FAKE_CAPABILITY=75 "${step[@]}"
try 2 'is of compute capability 7.0' FAKE_CAPABILITY=70 "${step[@]}"
mv "$libraries/libcudnn.so.9" "$work/"
try 2 'libcudnn.so.9 cannot be loaded' "${step[@]}"
mv "$work/libcudnn.so.9" "$libraries/"
try 2 'records a step that is computed at once, and this one takes 2 micro-batches' "${step[@]}" --cuda-graph --micro-batches 2
try 2 'has 0.42 GB free, but a step' FAKE_FREE=420000000 "${step[@]}"
try 1 "memory is full: train.onnx .* would fit" FAKE_LIMIT=70000000 "${train[@]}" --set data.batch=64 --out "$work/full"
try 1 'newest checkpoint, step-0000.., is whole' FAKE_LOST=900 "${train[@]}" --out "$work/lost"
try 0 'done after step 30' train --resume --out "$work/lost" --device cuda:0
if [ -n "$given" ]; then
    try 0 'ms at best' LD_LIBRARY_PATH="$libraries:$given" "${step[@]}"
    try 0 '4.03 GB of them for what recorded graphs allocate' FAKE_RECORDED=4026531840 LD_LIBRARY_PATH="$libraries:$given" "${step[@]}" --cuda-graph
    try 0 ' 0 of them while recording' FAKE_TELL=1 LD_LIBRARY_PATH="$libraries:$given" "${step[@]}" --cuda-graph
    try 2 'libcudnn.so.9 is cuDNN 0.0.0, convolutions in bfloat16 need' LD_LIBRARY_PATH="$libraries:$given" "${convnet[@]}"
    try 0 'kernels are not kept' XDG_CACHE_HOME=/proc LD_LIBRARY_PATH="$libraries:$given" "${step[@]}"

    # Products with formulas go the faster way. What was measured once stays, until its files are damaged.
    measured() { find "$work/cache/lejepa/kernels" -name '*.measured'; }
    try 0 'Product_.*: 1\.[0-9]*, 0\.[0-9]* (apart)' FAKE_SLOW=product LD_LIBRARY_PATH="$libraries:$given" "${large[@]}"
    try 0 'Product_.*: 1\.[0-9]*, 0\.[0-9]* (apart)' LD_LIBRARY_PATH="$libraries:$given" "${large[@]}"
    try 0 "attention's gradient of .* ms: single warps 1\.[0-9]*, four warps together 0\." FAKE_SLOW=attention_head_gradient \
        XDG_CACHE_HOME="$work/other" LD_LIBRARY_PATH="$libraries:$given" "${large[@]}"
    measured | while read -r file; do truncate -s 90 "$file"; done
    try 0 'Product_.*: 0\.[0-9]*, 1\.[0-9]* (one kernel)' FAKE_SLOW=rows LD_LIBRARY_PATH="$libraries:$given" "${large[@]}"
    measured | xargs rm
    try 0 'ms at best' LD_LIBRARY_PATH="$libraries:$given" "${large[@]}" --deterministic
    if [ -n "$(measured)" ]; then
        echo "FAILED  --deterministic measured"
        failed=1
    fi
fi
exit "$failed"
