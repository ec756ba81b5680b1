#!/usr/bin/env bash
# Makes libraries that stand in for CUDA's driver and NVRTC: kernels of ours are compiled by g++ and run on emulated warps in
# the host's memory, for a process that has FOLDER in its LD_LIBRARY_PATH. Needs g++.
#
#   tools/interop/cuda_emulation/build_device.sh FOLDER
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
folder=${1:?usage: build_device.sh FOLDER}
flags=(-std=c++20 -O1 -fno-strict-aliasing -w -fPIC -fvisibility=hidden)
mkdir -p "$folder"
cp "$here"/*.h "$folder"
g++ "${flags[@]}" -x c++-header "$folder/launches.h" -o "$folder/launches.h.gch" &
g++ -std=c++20 -O1 -shared -fPIC -Wl,-soname,libcuda.so.1 "$here/driver.cpp" -o "$folder/libcuda.so.1"
g++ -std=c++20 -O1 -shared -fPIC -Wl,-soname,libnvrtc.so.13 "-DFLAGS=\"${flags[*]}\"" "$here/compiler.cpp" -o "$folder/libnvrtc.so.13"
wait $!
