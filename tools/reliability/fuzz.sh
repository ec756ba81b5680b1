#!/usr/bin/env bash
# Feeds readers with damaged files and counts what comes of it. No damage may end in more than one line, hang for 5 s,
# take 1 GB or end the JVM.
#
#   tools/reliability/fuzz.sh [COUNT|SECONDSs] [FORMAT] [--seed N]
#
# COUNT inputs (default 1000000), or as many as 3600s allow, for each format: safetensors npy recipe set bundle checkpoint
# onnx metrics data tensorboard jpeg png webp bmp gif tiff pnm. Inputs that fail are kept in tools/target/fuzz with the
# reason beside them. Equal seeds give equal inputs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

inputs=1000000
seconds=1000000
format=
seed=1
while [ $# -gt 0 ]; do
  case $1 in
    --seed) seed=$2 && shift ;;
    *[0-9]s) seconds=${1%s} inputs=1000000000000 ;;
    [0-9]*) inputs=$1 ;;
    [a-z]*) format=$1 ;;
    *) sed -n '2,9s/^# \{0,1\}//p' "$0" >&2 && exit 2 ;;
  esac
  shift
done

exec ./mvnw -B -ntp -q -pl tools -am test -Dtest=FuzzTest -Dsurefire.failIfNoSpecifiedTests=false \
  "-Dfuzz.inputs=$inputs" "-Dfuzz.seconds=$seconds" "-Dfuzz.format=$format" "-Dfuzz.seed=$seed"
