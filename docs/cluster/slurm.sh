#!/bin/bash
# subkit batch on four nodes of a Slurm cluster: sbatch docs/cluster/slurm.sh /catalogue/masters /catalogue/results
# The folder of the masters must have the same path on all nodes. The results, with the ledger, may not lie on
# NFS: give a disk of the first node, or another file system with working locks.
#SBATCH --nodes=4
#SBATCH --ntasks-per-node=1
#SBATCH --cpus-per-task=16
#SBATCH --requeue
set -euo pipefail
masters=$1 results=$2
umask 077
export RAY_USAGE_STATS_ENABLED=0 RAY_AUTH_MODE=token
RAY_AUTH_TOKEN=$(python -c 'import secrets; print(secrets.token_hex(32))')
export RAY_AUTH_TOKEN # srun passes the environment on
head=$(hostname --ip-address | cut -d' ' -f1)
port=$((20000 + SLURM_JOB_ID % 20000))

srun --nodes=1 --ntasks=1 --nodelist="$SLURMD_NODENAME" \
    ray start --head --node-ip-address="$head" --port="$port" --include-dashboard=false \
    --num-cpus="$SLURM_CPUS_PER_TASK" --block &
sleep 20
srun --nodes=$((SLURM_NNODES - 1)) --ntasks=$((SLURM_NNODES - 1)) --exclude="$SLURMD_NODENAME" \
    ray start --address="$head:$port" --num-cpus="$SLURM_CPUS_PER_TASK" --block &
sleep 20
subkit batch run "$masters" -o "$results" --model base --offline \
    --engine ray --address "$head:$port" --workers $((SLURM_NNODES * 4)) --cpus 4 --threads 4
