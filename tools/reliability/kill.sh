#!/usr/bin/env bash
# Kills runs of a tiny recipe: at any moment of their lives, and aimed, while they start, write a checkpoint, evaluate, log
# or end; then lets them go on, and compares what they computed with a run that nothing happened to, bit for bit.
#
#   tools/reliability/kill.sh [RUNS] [--seed N] [--first INDEX]
#
# RUNS (default 100) from number INDEX (default 0) of a seed. A run is repeated by its number and seed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

runs=100
first=0
seed=1
while [ $# -gt 0 ]; do
  case $1 in
    --seed) seed=$2 && shift ;;
    --first) first=$2 && shift ;;
    [0-9]*) runs=$1 ;;
    *) sed -n '2,7s/^# \{0,1\}//p' "$0" >&2 && exit 2 ;;
  esac
  shift
done

exec ./mvnw -B -ntp -q -pl tools -am test -Dtest=KillTest,FaultTest -Dsurefire.failIfNoSpecifiedTests=false \
  "-Dkill.runs=$runs" "-Dkill.disks=$((runs / 5 + 3))" "-Dkill.first=$first" "-Dkill.seed=$seed"
