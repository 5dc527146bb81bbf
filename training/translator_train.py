"""Trains the translator.

``python -m training.translator_train --minutes 10 --init CKPT --out CKPT`` goes on from a
checkpoint; without ``--init`` it starts from nothing (about 20 minutes on one core).
"""

from __future__ import annotations

import argparse
import math
import time
from pathlib import Path
from typing import Any

import sentencepiece
import torch
from torch.nn import functional

from training.checkpoints import load_checkpoint, save_checkpoint
from training.translator_data import DEFAULT_PIECES, IGNORED, PairBatches
from training.translator_model import Translator, TranslatorConfig

WARM_UP_STEPS = 50
REPORT_STEPS = 100
SAVE_STEPS = 500


def learning_rate_scale(step: int, progress: float) -> float:
    """Factor on the learning rate: warm-up, then a cosine over the time budget (0 to 1)."""
    cosine = 0.5 * (1 + math.cos(math.pi * progress))
    return min(1.0, (step + 1) / WARM_UP_STEPS) * max(0.005, cosine)


def train_step(
    model: Translator,
    optimizer: torch.optim.Optimizer,
    source: torch.Tensor,
    target: torch.Tensor,
) -> float:
    """One update.

    Args:
        model: the translator.
        optimizer: its optimiser.
        source: tokens, shape (batch, length).
        target: tokens, shape (batch, length), begun with ``</s>`` and the language code.

    Returns:
        The loss.
    """
    with torch.autocast("cpu", torch.bfloat16):
        logits = model(source, target[:, :-1].clamp(min=0))
    wanted = target[:, 1:].clone()
    wanted[:, 0] = IGNORED
    loss = functional.cross_entropy(
        logits.float().flatten(0, 1),
        wanted.flatten(),
        ignore_index=IGNORED,
        label_smoothing=0.05,
    )
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    optimizer.zero_grad(set_to_none=True)
    return float(loss.detach())


def train(
    model: Translator, batches: PairBatches, options: argparse.Namespace, history: dict[str, Any]
) -> None:
    """Trains under a time budget and writes the checkpoint.

    Args:
        model: the translator.
        batches: source of sentence pairs.
        options: the command line's options.
        history: amounts of earlier training, from the checkpoint.
    """
    optimizer = torch.optim.AdamW(
        model.parameters(), lr=options.rate, betas=(0.9, 0.98), weight_decay=0.01
    )
    started = time.monotonic()
    total = 0.0
    pairs = 0
    for step, (source, target) in enumerate(batches):
        progress = (time.monotonic() - started) / (options.minutes * 60)
        for group in optimizer.param_groups:
            group["lr"] = options.rate * learning_rate_scale(step, min(1.0, progress))
        total += train_step(model, optimizer, source, target)
        pairs += len(source)
        done = progress >= 1
        if (step + 1) % REPORT_STEPS == 0:
            elapsed = time.monotonic() - started
            print(f"step {step + 1}, {elapsed:.0f} s, loss {total / REPORT_STEPS:.3f}", flush=True)
            total = 0.0
        if done or (step + 1) % SAVE_STEPS == 0:
            amounts = {
                "steps": history.get("steps", 0) + step + 1,
                "pairs": history.get("pairs", 0) + pairs,
            }
            metadata = {"config": model.config.as_dict(), "history": history | amounts}
            save_checkpoint(options.out, model.state_dict(), metadata)
        if done:
            break


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True, help="checkpoint to write")
    parser.add_argument("--init", type=Path, help="checkpoint to go on from")
    parser.add_argument("--pieces", type=Path, default=DEFAULT_PIECES)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rate", type=float, default=1.5e-3)
    parser.add_argument("--seed", type=int, default=12)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(options.pieces))
    model = Translator(TranslatorConfig(vocabulary=pieces.get_piece_size()))
    history: dict[str, Any] = {}
    if options.init:
        weights, metadata = load_checkpoint(options.init)
        model.load_state_dict(weights)
        history = metadata.get("history", {})
    train(model, PairBatches(pieces, options.seed), options, history)


if __name__ == "__main__":
    main()
