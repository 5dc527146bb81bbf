"""The Muon optimiser for hidden weight matrices.

Source: K. Jordan and others, "Muon: an optimizer for hidden layers in neural networks" (2024);
the Newton-Schulz coefficients are the ones given there.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch

_COEFFICIENTS = (3.4445, -4.7750, 2.0315)


def orthogonalise(matrices: torch.Tensor, steps: int) -> torch.Tensor:
    """Brings the singular values of each matrix near one.

    Args:
        matrices: shape (matrices, rows, columns), rows at most columns.
        steps: Newton-Schulz steps.

    Returns:
        Matrices of the same shape, float32.
    """
    first, second, third = _COEFFICIENTS
    norm = matrices.float().norm(dim=(1, 2), keepdim=True) + 1e-7
    result = (matrices / norm).bfloat16()
    for _ in range(steps):
        gram = result @ result.mT
        result = first * result + (second * gram + third * (gram @ gram)) @ result
    return result.float()


class Muon(torch.optim.Optimizer):
    """Momentum whose update is orthogonalised; matrices of one shape are updated together.

    Args:
        parameters: two-dimensional parameters.
        lr: learning rate.
        momentum: share of the old momentum kept at each step.
        weight_decay: decay per unit of learning rate.
        steps: Newton-Schulz steps.
    """

    def __init__(
        self,
        parameters: Iterable[torch.nn.Parameter],
        lr: float = 0.01,
        momentum: float = 0.95,
        weight_decay: float = 0.01,
        steps: int = 5,
    ) -> None:
        defaults = {"lr": lr, "momentum": momentum, "weight_decay": weight_decay, "steps": steps}
        super().__init__(parameters, defaults)

    @torch.no_grad()
    def step(self) -> None:
        """Updates all parameters that have a gradient."""
        for group in self.param_groups:
            by_shape: dict[tuple[int, int], list[tuple[torch.nn.Parameter, torch.Tensor]]] = {}
            for parameter in group["params"]:
                if parameter.grad is not None:
                    update = self._momentum_update(parameter, group["momentum"])
                    by_shape.setdefault(tuple(parameter.shape), []).append((parameter, update))
            for (rows, columns), members in by_shape.items():
                tall = rows > columns
                stacked = torch.stack([update for _, update in members])
                updates = orthogonalise(stacked.mT if tall else stacked, group["steps"])
                updates = updates.mT if tall else updates
                rate = group["lr"] * max(1.0, rows / columns) ** 0.5
                for (parameter, _), update in zip(members, updates, strict=True):
                    parameter.mul_(1 - group["lr"] * group["weight_decay"])
                    parameter.add_(update, alpha=-rate)

    def _momentum_update(self, parameter: torch.nn.Parameter, momentum: float) -> torch.Tensor:
        state = self.state[parameter]
        if "momentum" not in state:
            state["momentum"] = torch.zeros_like(parameter)
        state["momentum"].lerp_(parameter.grad, 1 - momentum)
        return torch.lerp(parameter.grad, state["momentum"], momentum)
