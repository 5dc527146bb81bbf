"""Trains the recogniser.

``python -m training.recognizer_train --data WORK/train1 WORK/train2 --minutes 60 --init CKPT
--out CKPT`` goes on from a checkpoint; without ``--init`` it starts from nothing (plan for at
least three hours on two cores then).
"""

from __future__ import annotations

import argparse
import math
import random
import time
from pathlib import Path
from typing import Any

import tokenizers
import torch

from training.checkpoints import load_checkpoint, save_checkpoint
from training.optimizer import Muon
from training.recognizer_clips import LabelSet, load_clips
from training.recognizer_loss import (
    character_loss,
    collate,
    phone_loss,
    total_loss,
    training_losses,
)
from training.recognizer_model import Recognizer, RecognizerConfig
from training.recognizer_windows import WINDOW_KINDS, WindowMaker
from training.tokenizer import DEFAULT_TOKENIZER, TokenIds

LANGUAGE_SHARES = {"en": 0.46, "es": 0.24, "ko": 0.30}
WARM_UP_STEPS = 20
FULL_RATE_SHARE = 0.1

MIXTURE_FROM_NOTHING = (
    (0.3, {"short": 0.3, "medium": 0.4, "padded": 0.08, "long": 0.07, "decoder": 0.15}),
    (0.65, {"short": 0.1, "medium": 0.37, "padded": 0.1, "long": 0.25, "cut": 0.15, "rest": 0.03}),
    (1.0, {"short": 0.05, "medium": 0.3, "padded": 0.08, "long": 0.27, "cut": 0.26, "rest": 0.04}),
)
MIXTURE_WARM = (
    (0.4, {"short": 0.05, "medium": 0.45, "padded": 0.08, "long": 0.2, "cut": 0.18, "rest": 0.04}),
    (1.0, {"short": 0.05, "medium": 0.34, "padded": 0.08, "long": 0.22, "cut": 0.27, "rest": 0.04}),
)
"""(share of the time budget up to which it holds, window kind to probability)."""

LABEL_HEAD_STEPS = 150
"""Steps for which a fresh label head learns alone on top of a trained encoder."""


def learning_rate_scale(step: int, progress: float) -> float:
    """Factor on all learning rates: short warm-up, a flat tenth, then a cosine to near zero.

    Args:
        step: number of the step, from 0.
        progress: share of the time budget used, 0 to 1.

    Returns:
        Factor between 0.002 and 1.
    """
    warm_up = min(1.0, (step + 1) / WARM_UP_STEPS)
    if progress < FULL_RATE_SHARE:
        return warm_up
    share = (progress - FULL_RATE_SHARE) / (1 - FULL_RATE_SHARE)
    return max(0.002, warm_up * 0.5 * (1 + math.cos(math.pi * share)))


def make_optimizers(
    model: Recognizer, rate: float, muon_rate: float
) -> list[tuple[torch.optim.Optimizer, float]]:
    """Optimisers with their full learning rates.

    Muon for the layers' matrices, AdamW for everything else, AdamW with a high rate for the few
    position gains.
    """
    gain = model.encoder.position_log_gain
    matrices, others = [], []
    for name, parameter in model.named_parameters():
        if parameter is gain:
            continue
        is_matrix = parameter.ndim == 2 and ".layers." in name
        (matrices if is_matrix else others).append(parameter)
    return [
        (torch.optim.AdamW(others, lr=rate, betas=(0.9, 0.98), weight_decay=0.01), rate),
        (torch.optim.AdamW([gain], lr=0.02, betas=(0.9, 0.98), weight_decay=0.0), 0.02),
        (Muon(matrices, lr=muon_rate), muon_rate),
    ]


def build_model(
    init: Path | None, labels: LabelSet, vocabulary: int
) -> tuple[Recognizer, dict[str, Any], bool]:
    """Makes the model, from a checkpoint or from nothing.

    Args:
        init: checkpoint or None.
        labels: the label head's labels.
        vocabulary: number of tokens.

    Returns:
        The model, the training history of the checkpoint, and whether the label head is new to
        the model (another label list than the checkpoint's, or none stored).
    """
    model = Recognizer(RecognizerConfig(vocabulary=vocabulary, labels=labels.size))
    if init is None:
        return model, {}, False
    weights, metadata = load_checkpoint(init)
    fresh_head = metadata.get("characters") != list(labels.characters) or metadata.get(
        "phones"
    ) != list(labels.phones)
    if fresh_head:
        weights = {name: value for name, value in weights.items() if "label_head" not in name}
    unknown = model.load_state_dict(weights, strict=False).unexpected_keys
    if unknown:
        raise ValueError(f"{init} holds unknown weights: {', '.join(unknown)}")
    return model, metadata.get("history", {}), fresh_head


class Trainer:
    """Runs training steps under a time budget.

    Args:
        model: the recogniser.
        maker: source of windows.
        options: the command line's options.
        labels: label lists.
        history: amounts of earlier training, from the checkpoint.
    """

    def __init__(
        self,
        model: Recognizer,
        maker: WindowMaker,
        options: argparse.Namespace,
        labels: LabelSet,
        history: dict[str, Any],
    ) -> None:
        self.model = model
        self.maker = maker
        self.options = options
        self.labels = labels
        self.history = history
        self.optimizers = make_optimizers(model, options.rate, options.muon_rate)
        self.mixture = MIXTURE_WARM if options.init else MIXTURE_FROM_NOTHING
        self.step = 0
        self.audio_seconds = 0.0
        self.random = random.Random(options.seed)
        self.sums: dict[str, dict[str, float]] = {}

    def run(self, fresh_head: bool) -> None:
        """Trains until the budget is used up."""
        self.started = time.monotonic()
        if fresh_head:
            self.fit_label_head()
        budget = self.options.minutes * 60
        while (progress := (time.monotonic() - self.started) / budget) < 1:
            self.train_step(progress)
            if self.step % 50 == 0:
                self.report()
            if self.step % 200 == 0:
                self.save()
        self.save()

    def fit_label_head(self) -> None:
        """Teaches a new label head what a trained encoder already knows."""
        optimizer = torch.optim.AdamW(self.model.label_head.parameters(), lr=1e-2)
        split = 1 + len(self.labels.characters)
        for _ in range(LABEL_HEAD_STEPS):
            batch = collate(self.maker.batch(WINDOW_KINDS["short"]), self.maker.padding)
            with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
                memory = self.model.encoder(batch.mel)
            logits = self.model.label_head(memory.float())
            loss = character_loss(logits[..., :split], batch.characters)
            loss = loss + phone_loss(logits[..., split:], batch.phones)
            loss.backward()
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        print(f"label head fitted, loss {loss.item():.3f}", flush=True)

    def train_step(self, progress: float) -> None:
        """One update on one batch of a window kind drawn from the mixture."""
        mixture = next(shares for limit, shares in self.mixture if progress <= limit)
        name = self.random.choices(list(mixture), list(mixture.values()))[0]
        kind = WINDOW_KINDS[name]
        batch = collate(self.maker.batch(kind), self.maker.padding)
        scale = learning_rate_scale(self.step, progress)
        for optimizer, rate in self.optimizers:
            for group in optimizer.param_groups:
                group["lr"] = rate * scale
        losses = training_losses(
            self.model, batch, len(self.labels.characters), kind.freeze_encoder
        )
        total_loss(losses).backward()
        self.update()
        self.step += 1
        self.audio_seconds += batch.mel.shape[0] * batch.mel.shape[2] / 100
        sums = self.sums.setdefault(name, {})
        for key, value in {**losses, "steps": torch.ones(())}.items():
            sums[key] = sums.get(key, 0.0) + float(value.detach())

    def update(self) -> None:
        """Applies the gradients, unless they are not finite."""
        norm = torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        for optimizer, _ in self.optimizers:
            if torch.isfinite(norm):
                optimizer.step()
            optimizer.zero_grad(set_to_none=True)

    def report(self) -> None:
        """Prints mean losses since the last report."""
        elapsed = time.monotonic() - self.started
        print(
            f"step {self.step}, {elapsed:.0f} s, {self.audio_seconds:.0f} s of audio "
            f"({self.audio_seconds / elapsed:.0f} a second)",
            flush=True,
        )
        for name, sums in sorted(self.sums.items()):
            means = [f"{key} {sums[key] / sums['steps']:.3f}" for key in sums if key != "steps"]
            print(f"  {name}: {', '.join(means)}", flush=True)
        self.sums = {}

    def save(self) -> None:
        """Writes the checkpoint."""
        history = dict(self.history)
        history["steps"] = history.get("steps", 0) + self.step
        history["audio_seconds"] = round(history.get("audio_seconds", 0) + self.audio_seconds)
        metadata = {
            "config": self.model.config.as_dict(),
            "characters": list(self.labels.characters),
            "phones": list(self.labels.phones),
            "history": history,
        }
        save_checkpoint(self.options.out, self.model.state_dict(), metadata)


def parse_options() -> argparse.Namespace:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, nargs="+", required=True, help="corpora, no suffix")
    parser.add_argument("--out", type=Path, required=True, help="checkpoint to write")
    parser.add_argument("--init", type=Path, help="checkpoint to go on from")
    parser.add_argument("--tokenizer", type=Path, default=DEFAULT_TOKENIZER)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rate", type=float, default=5e-4, help="AdamW's learning rate")
    parser.add_argument("--muon-rate", type=float, default=0.002)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def main() -> None:
    """Command line."""
    options = parse_options()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    tokenizer = tokenizers.Tokenizer.from_file(str(options.tokenizer))
    ids = TokenIds(tokenizer)
    clips, labels = load_clips(options.data, tokenizer)
    model, history, fresh_head = build_model(options.init, labels, ids.size)
    maker = WindowMaker(clips, ids, options.seed, LANGUAGE_SHARES)
    parameters = sum(parameter.numel() for parameter in model.parameters())
    print(
        f"{len(clips)} clips, {len(labels.characters)} characters, {len(labels.phones)} phones, "
        f"{parameters / 1e6:.2f} M parameters",
        flush=True,
    )
    Trainer(model, maker, options, labels, history).run(fresh_head)


if __name__ == "__main__":
    main()
