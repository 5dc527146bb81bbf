#!/usr/bin/env bash
# How fast are recognition and translation on a CUDA machine, ours beside their peers?
#
#   benchmarks/gpu.sh pack [FOLDER]    with a network: packages for the other machine, in one file
#   benchmarks/gpu.sh run [FOLDER]     on the CUDA machine, no network needed: everything, one command
#
# FOLDER (default: .gpu) holds packages.tar.xz; results go to $OUT, or to FOLDER/results. Set
# PYTHON_VERSION (default 3.12) to the Python of the CUDA machine when packing, MODEL (default
# large-v3), MINUTES, ROUNDS, BATCH (a list), TRANSLATORS (a list) and SENTENCES to change what is
# run, and ONLY to "recognition", "words" or "translation" to leave the others out.
#
# Large shapes have random weights: they tell cost, never words. That the words are right is checked
# with real ones, where $BASE (a CTranslate2 directory) is there when packing: they go into
# FOLDER/base in parts of 48 MiB, to be carried one by one, and `run` joins them, compares them with
# their digest, and measures errors on films of real speech (recordings in $CASES, ../shared/cases or
# shared/cases) beside faster-whisper batched.
#
# Packed are what a machine with PyTorch's usual surroundings lacks: numpy, onnxruntime, tokenizers,
# huggingface_hub and sentencepiece are taken to be there, and Transformers is measured where it is.
# cuBLAS 12, which CTranslate2 opens, is too large to carry. Where a machine has version 13 alone, it
# is put under the name of 12 for this run only, and used only if the tokens it gives are those of
# the CPU.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=${2:-.gpu}
mkdir -p "$folder"
limit=$((60 * 1024 * 1024))

pack() {
    local wheels=$folder/wheels tree=$folder/tree
    rm -rf "$wheels" "$tree"
    mkdir -p "$wheels" "$tree"
    local platforms=()
    for n in 2_28 2_27 2_24 2_17; do platforms+=(--platform "manylinux_${n}_x86_64"); done
    python3 -m pip download --quiet --no-deps --only-binary=:all: --dest "$wheels" \
        --implementation cp --python-version "${PYTHON_VERSION:-3.12}" \
        "${platforms[@]}" --platform manylinux2014_x86_64 \
        ctranslate2==4.8.5 faster-whisper==1.2.1 av==18.1.0 pysubs2 ffmpeg-python future filelock
    for wheel in "$wheels"/*.whl; do python3 -m zipfile -e "$wheel" "$tree"; done
    tar -C "$tree" -c . | xz -6 >"$folder/packages.tar.xz"
    rm -rf "$wheels" "$tree"
    local size
    size=$(stat -c %s "$folder/packages.tar.xz")
    echo "$folder/packages.tar.xz: $((size / 1024 / 1024)) MiB"
    if ((size > limit)); then
        echo "that is more than $((limit / 1024 / 1024)) MiB" >&2
        return 1
    fi
    if [[ -n ${BASE:-} ]]; then
        rm -rf "$folder/base"
        mkdir -p "$folder/base"
        cp "$BASE"/*.json "$BASE"/*.txt "$folder/base/"
        split -b 48M -d "$BASE/model.bin" "$folder/base/model.bin."
        (cd "$BASE" && sha256sum model.bin) >"$folder/base/SHA256"
        du -m "$folder/base"/model.bin.*
    fi
}

alias_cublas() {
    # CTranslate2 opens libcublas.so.12 by name; is there one, or only a 13?
    local site
    site=$(mktemp -d)
    python3 - "$site" <<'PY'
import ctypes, importlib.util, sys
from pathlib import Path

def loads(name):
    try:
        ctypes.CDLL(name, ctypes.RTLD_GLOBAL)
    except OSError:
        return False
    return True

folders = [Path("/usr/local/cuda/lib64"), Path("/usr/local/cuda/targets/x86_64-linux/lib")]
spec = importlib.util.find_spec("nvidia")
for root in (spec.submodule_search_locations or ()) if spec else ():
    folders += [path.parent for path in Path(root).rglob("libcublas*.so.*")]
target = Path(sys.argv[1])
if loads("libcublasLt.so.12") and loads("libcublas.so.12"):
    sys.exit()
for name in ("libcublasLt.so", "libcublas.so"):
    for version in ("12", "13"):
        found = next((f / f"{name}.{version}" for f in folders if (f / f"{name}.{version}").exists()), None)
        if found is not None:
            (target / f"{name}.12").symlink_to(found)
            # The real name too: libcublas.so.13 asks for libcublasLt.so.13.
            (target / found.name).exists() or (target / found.name).symlink_to(found)
            print(f"{name}.12 is {found}", file=sys.stderr)
            break
PY
    export LD_LIBRARY_PATH="$site${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
}

same_tokens() {
    python3 - "$1" <<'PY'
import sys
import numpy as np
from faster_whisper import WhisperModel
from faster_whisper.audio import decode_audio, pad_or_trim

audio = decode_audio("tests/data/speech/en.flac")
found = []
for device, kind in (("cpu", "float32"), ("cuda", "float32"), ("cuda", "float16")):
    model = WhisperModel(sys.argv[1], device=device, compute_type=kind, local_files_only=True)
    features = pad_or_trim(model.feature_extractor(audio)[:, :-1])
    encoded = model.encode(np.stack([features] * 3))
    done = model.model.generate(encoded, [[50258, 50259, 50359, 50363]] * 3, beam_size=5)
    found.append([token for one in done for token in one.sequences_ids[0]])
cpu, single, half = found
assert len(cpu) > 9, found
# Half precision may choose otherwise where two tokens are nearly as likely.
near = sum(a == b for a, b in zip(cpu, half)) / max(len(cpu), len(half))
print(f"tokens as on the CPU: float32 {cpu == single}, float16 {near:.0%}", file=sys.stderr)
sys.exit(0 if cpu == single and near >= 0.75 else 1)
PY
}

recognition() {
    local out=$1 models=$2 model=${MODEL:-large-v3} batch
    python3 benchmarks/weights.py "$model" --into "$models"
    for batch in ${BATCH:-8 32}; do
        python3 benchmarks/decode.py --model "$model" --models "$models" --device cuda \
            --compute-type float16 --threads 8 --batch "$batch" --minutes "${MINUTES:-20}" \
            --rounds "${ROUNDS:-3}" --peers "faster-whisper batched" \
            --json "$out/gpu-$model-batch$batch.json" | tee "$out/gpu-$model-batch$batch.md"
    done
    python3 benchmarks/scaling.py --model "$model" --models "$models" --device cuda \
        --compute-type float16 --threads 8 --batch 32 --minutes --titles 1 16 64 \
        --json "$out/gpu-catalogue.json" | tee "$out/gpu-catalogue.md"
}

words() {
    # Real words on this device: errors of both on the same films, and against the CPU's.
    local out=$1 models=$2 cases=${CASES:-../shared/cases} device kind
    [[ -d $cases ]] || cases=shared/cases
    if [[ ! -d $folder/base || ! -d $cases ]]; then
        echo "no check of words: real weights or recordings are not here" >&2
        return 0
    fi
    mkdir -p "$models/base"
    cp "$folder"/base/*.json "$folder"/base/*.txt "$models/base/"
    cat "$folder"/base/model.bin.* >"$models/base/model.bin"
    (cd "$models/base" && sha256sum --check --quiet -) <"$folder/base/SHA256"
    for device in cuda cpu; do
        kind=$([[ $device == cuda ]] && echo float16 || echo int8)
        python3 benchmarks/real.py errors --model "$models/base" --cases "$cases" \
            --device "$device" --compute-type "$kind" --language ${LANGUAGES:-en de ko} --jobs 4 \
            --conditions clean "music 10 dB" --work "$models/work-$device" \
            --systems "faster-whisper batched" "subkit exact" "subkit fast" \
            --results "$out/words-$device"
    done
}

translation() {
    local out=$1 models=$2 formats=(ctranslate2) bin=$2/environments/transformers/bin name
    if python3 -c "import safetensors, torch, transformers"; then
        # The machine's own Python is the peer's environment.
        formats+=(transformers)
        mkdir -p "$bin"
        printf '#!/bin/sh\nexec python3 "$@"\n' >"$bin/python"
        chmod +x "$bin/python"
    fi
    for name in ${TRANSLATORS:-opus-mt m2m100-418m m2m100-1.2b}; do
        python3 benchmarks/grown.py "$name" --into "$models" --format "${formats[@]}"
        python3 benchmarks/translation.py --model "$name" --models "$models" --device cuda \
            --environments "$models/environments" --precisions float16 --threads 8 --splits 0 \
            --sentences "${SENTENCES:-400}" --rounds "${ROUNDS:-3}" \
            --json "$out/gpu-$name.json" | tee "$out/gpu-$name.md"
        rm -rf "$models/grown-$name" "$models/grown-$name-transformers"
    done
}

run() {
    local out=${OUT:-$folder/results} models site
    mkdir -p "$out"
    models=$(mktemp -d)
    if [[ -f $folder/packages.tar.xz ]]; then
        site=$(mktemp -d)
        tar -C "$site" -xJf "$folder/packages.tar.xz"
        export PYTHONPATH="$PWD:$PWD/cli:$site${PYTHONPATH:+:$PYTHONPATH}"
    else
        export PYTHONPATH="$PWD:$PWD/cli${PYTHONPATH:+:$PYTHONPATH}"
    fi
    export PYTHONUNBUFFERED=1
    # Kernels are compiled for new cards at the first start; keep them for all runs after.
    export CUDA_CACHE_PATH=${CUDA_CACHE_PATH:-$models/kernels}
    nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv | tee "$out/gpu.csv"
    alias_cublas
    python3 benchmarks/weights.py tiny --into "$models"
    if ! same_tokens "$models/tiny"; then
        echo "the GPU's tokens are not the CPU's: nothing here may be compared" >&2
        return 1
    fi
    if [[ ${ONLY:-words} == words ]]; then words "$out" "$models"; fi
    if [[ ${ONLY:-recognition} == recognition ]]; then recognition "$out" "$models"; fi
    if [[ ${ONLY:-translation} == translation ]]; then translation "$out" "$models"; fi
    rm -rf "$models"
}

case ${1:-run} in
    pack) pack ;;
    run) run ;;
    *)
        sed -n '2,19s/^# \{0,1\}//p' "$0"
        exit 2
        ;;
esac
