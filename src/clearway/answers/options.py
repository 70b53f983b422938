"""What-if questions of one comparison: one enzyme only, without a mechanism, an assumed share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from clearway.errors import InputError
from clearway.exposure.arms import Arm
from clearway.exposure.mechanisms import enzymes_of, only_enzyme, without
from clearway.model.lane import KINDS, Mechanism
from clearway.model.model import Model


@dataclass(frozen=True)
class Options:
    """`only_enzyme`: interactions at all other enzymes are off, clearances stay. `without`: one kind of mechanism is
    off everywhere. `assume_share` (enzyme, share): the historical one-enzyme model of every drug of `regimen`."""

    only_enzyme: str | None = None
    without: str | None = None
    assume_share: tuple[str, float] | None = None

    @property
    def sentences(self) -> list[str]:
        """Said beside every answer, so that a what-if is never taken for the prediction."""
        said = []
        if self.only_enzyme:
            said.append(f"What-if: interactions act at {self.only_enzyme} only; this is not the prediction.")
        if self.without:
            said.append(f"What-if: {self.without} is switched off everywhere; this is not the prediction.")
        if self.assume_share:
            enzyme, share = self.assume_share
            said.append(
                f"What-if: {enzyme} takes {share:.0%} of the clearance of each drug of the regimen and nothing acts on the "
                "rest (the historical one-enzyme model); this is not the prediction."
            )
        return said


def parse_share(text: str | None) -> tuple[str, float] | None:
    """`CYP3A4=0.5` as ('CYP3A4', 0.5). Raises InputError."""
    if text is None:
        return None
    enzyme, equals, number = text.partition("=")
    try:
        share = float(number)
    except ValueError:
        share = -1.0
    if not equals or not enzyme or not 0.0 < share <= 1.0:
        raise InputError(f"--assume-share: not an enzyme and its share ({text!r}; a share lies in (0, 1]; write CYP3A4=0.5)")
    return enzyme.strip(), share


def assume(model: Model, options: Options, victims: Sequence[str]) -> None:
    """Replace the elimination of the victims where a share is assumed."""
    if options.assume_share:
        enzyme, share = options.assume_share
        _known(model, enzyme, "--assume-share")
        for name in victims:
            model.assume_share(name, enzyme, share)


def switched(model: Model, options: Options, arms: Sequence[Arm]) -> list[Arm]:
    """The arms with the mechanisms off that the options exclude. Raises InputError for an unknown enzyme or kind."""
    names = model.closure({d.drug for arm in arms for d in arm.doses})
    compounds = [model.kinetics(n) for n in names]
    off: frozenset[Mechanism] = frozenset()
    if options.only_enzyme:
        _known(model, options.only_enzyme, "--only-enzyme")
        off |= only_enzyme(compounds, options.only_enzyme)
    if options.without:
        if options.without not in KINDS:
            raise InputError(f"--without-mechanism: unknown mechanism ({options.without!r}; one of {', '.join(KINDS)})")
        off |= without(compounds, options.without)
    return [replace(arm, off=arm.off | off) for arm in arms]


def _known(model: Model, enzyme: str, option: str) -> None:
    known = sorted(model.setting.enzymes)
    paths = enzymes_of([model.kinetics(n) for n in model._ready])
    if enzyme not in known and enzyme not in paths:
        raise InputError(f"{option}: unknown enzyme ({enzyme!r}; one of {', '.join(known)})")
