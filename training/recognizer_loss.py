"""The recogniser's losses.

Only the token loss matters in the end; the others teach a small model quickly what to listen for
(characters, phones), where to look (cross-attention) and where it is (positions).
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch.nn import functional

from training.recognizer_model import (
    FRAMES_PER_SECOND,
    LOOKS_AT_INPUT_TOKEN,
    Recognizer,
    RecognizerOutput,
)
from training.recognizer_windows import IGNORED, Window

LOSS_WEIGHTS = {
    "tokens": 1.0,
    "characters": 0.15,
    "attention": 0.5,
    "phones": 0.3,
    "encoder_positions": 2.0,
    "decoder_positions": 1.0,
}
_NO_SPAN = -1.0
_HALF_FRAME = 0.5 / FRAMES_PER_SECOND


@dataclass
class Batch:
    """Windows of one length as tensors.

    Attributes:
        mel: shape (batch, mels, frames at 100 a second).
        tokens: decoder input, shape (batch, length).
        targets: shape (batch, length).
        spans: first and last second of the span of the token to be written (row 0) and of the
            token just read (row 1), shape (2, batch, length, 2); negative where unknown.
        characters: character labels of each window.
        phones: shape (batch, frames at 50 a second).
    """

    mel: torch.Tensor
    tokens: torch.Tensor
    targets: torch.Tensor
    spans: torch.Tensor
    characters: list[list[int]]
    phones: torch.Tensor


def collate(windows: list[Window], padding: int) -> Batch:
    """Stacks windows.

    Args:
        windows: windows of one length.
        padding: token to fill up with.

    Returns:
        The batch.
    """
    length = max(len(window.tokens) for window in windows)
    tokens = torch.full((len(windows), length), padding)
    targets = torch.full((len(windows), length), IGNORED)
    spans = torch.full((2, len(windows), length, 2), _NO_SPAN)
    for row, window in enumerate(windows):
        tokens[row, : len(window.tokens)] = torch.tensor(window.tokens)
        targets[row, : len(window.targets)] = torch.tensor(window.targets)
        for which, listed in enumerate((window.next_spans, window.current_spans)):
            for column, span in enumerate(listed):
                if span is not None:
                    spans[which, row, column] = torch.tensor(span)
    return Batch(
        mel=torch.stack([window.mel for window in windows]),
        tokens=tokens,
        targets=targets,
        spans=spans,
        characters=[window.characters for window in windows],
        phones=torch.stack([window.phones for window in windows]),
    )


def attention_losses(attention: torch.Tensor, spans: torch.Tensor) -> list[torch.Tensor]:
    """Negative log of the attention that falls on the right frames, one loss a supervised head.

    Args:
        attention: log-weights, shape (batch, heads, length, frames).
        spans: see :class:`Batch`.

    Returns:
        One scalar a head.
    """
    centres = torch.arange(attention.shape[-1]) / FRAMES_PER_SECOND + _HALF_FRAME
    chosen = []
    for which in range(2):
        rows, columns = (spans[which, ..., 1] > 0).nonzero(as_tuple=True)
        first, last = spans[which, rows, columns].unsqueeze(-1).unbind(1)
        inside = (centres >= first - 0.011) & (centres <= last + 0.011)
        kept = inside.any(1)
        penalty = torch.where(inside[kept], 0.0, -1e4)
        chosen.append((rows[kept], columns[kept], penalty))
    losses = []
    for head, looks_at_input in enumerate(LOOKS_AT_INPUT_TOKEN):
        rows, columns, penalty = chosen[int(looks_at_input)]
        if len(rows) == 0:
            losses.append(torch.zeros(()))
            continue
        inside_weight = (attention[rows, head, columns] + penalty).logsumexp(1)
        losses.append(-inside_weight.mean())
    return losses


def character_loss(logits: torch.Tensor, characters: list[list[int]]) -> torch.Tensor:
    """CTC over characters, per character.

    Args:
        logits: blank and characters, shape (batch, frames, 1 + characters).
        characters: labels of each window, counted from 0.

    Returns:
        Scalar.
    """
    spoken = [row for row, labels in enumerate(characters) if labels]
    if not spoken:
        return torch.zeros(())
    lengths = torch.tensor([len(characters[row]) for row in spoken])
    labels = torch.tensor([label + 1 for row in spoken for label in characters[row]])
    log_probabilities = logits[spoken].float().log_softmax(-1).transpose(0, 1)
    frames = torch.full((len(spoken),), logits.shape[1])
    losses = functional.ctc_loss(
        log_probabilities, labels, frames, lengths, reduction="none", zero_infinity=True
    )
    return (losses / lengths).mean()


def phone_loss(logits: torch.Tensor, phones: torch.Tensor) -> torch.Tensor:
    """Cross-entropy of each frame's phone.

    Args:
        logits: shape (batch, frames, phones).
        phones: labels, shape (batch, frames).

    Returns:
        Scalar.
    """
    frames = min(logits.shape[1], phones.shape[1])
    return functional.cross_entropy(
        logits[:, :frames].float().flatten(0, 1), phones[:, :frames].flatten()
    )


def decoder_position_loss(
    model: Recognizer, codes: list[torch.Tensor], spans: torch.Tensor
) -> torch.Tensor:
    """Squared error of the position code of the token just read, at the middle of its span."""
    rows, columns = (spans[1, ..., 1] > 0).nonzero(as_tuple=True)
    if len(rows) == 0:
        return torch.zeros(())
    middle = spans[1, rows, columns].mean(-1) * FRAMES_PER_SECOND
    wanted = model.position_code[middle.long().clamp(0, len(model.position_code) - 1)]
    losses = [functional.mse_loss(code[rows, columns].float(), wanted) for code in codes]
    return torch.stack(losses).mean()


def training_losses(
    model: Recognizer, batch: Batch, character_count: int, freeze_encoder: bool
) -> dict[str, torch.Tensor]:
    """Runs the model on a batch and computes all losses.

    Args:
        model: the recogniser.
        batch: the windows.
        character_count: number of character labels (the phones' outputs follow them).
        freeze_encoder: train the decoder only; leaves out the encoder's losses.

    Returns:
        Loss name (see ``LOSS_WEIGHTS``) to scalar, and "accuracy" of the next token.
    """
    with torch.autocast("cpu", torch.bfloat16):
        output: RecognizerOutput = model(batch.mel, batch.tokens, freeze_encoder)
    logits = output.logits.float()
    asked = batch.targets != IGNORED
    losses = {
        "tokens": functional.cross_entropy(logits[asked], batch.targets[asked]),
        "attention": torch.stack(attention_losses(output.attention, batch.spans)).mean(),
        "decoder_positions": decoder_position_loss(model, output.decoder_positions, batch.spans),
        "accuracy": (logits[asked].argmax(-1) == batch.targets[asked]).float().mean(),
    }
    if freeze_encoder:
        return losses
    split = 1 + character_count
    losses["characters"] = character_loss(output.labels[..., :split], batch.characters)
    losses["phones"] = phone_loss(output.labels[..., split:], batch.phones)
    codes = output.encoder_positions.float()
    wanted = model.position_code[: codes.shape[1]].expand_as(codes)
    losses["encoder_positions"] = functional.mse_loss(codes, wanted)
    return losses


def total_loss(losses: dict[str, torch.Tensor]) -> torch.Tensor:
    """Weighted sum of the losses."""
    return sum(weight * losses[name] for name, weight in LOSS_WEIGHTS.items() if name in losses)
