"""How sure a share is, seen from few cases. Pure: no Django, no clock."""

from math import sqrt


def wilson(
    successes: int, total: int, *, population: int | None = None, z: float = 1.96
) -> tuple[float, float]:
    """The Wilson score interval of a share, as fractions from 0 to 1; (0.0, 1.0) when nothing was seen.

    `z` 1.96 is 95 % sure. `population` is how many there were to draw from, where `total` is a sample
    without replacement: the interval shrinks by the finite population correction (Cochran, Sampling
    Techniques, 2.6), down to the share itself when all were drawn.
    Raises ValueError when the counts cannot be.
    """
    if not 0 <= successes <= total or (population is not None and population < total):
        raise ValueError("successes <= total <= population is needed")
    if not total:
        return 0.0, 1.0
    share = successes / total
    if population == total:
        return share, share
    drawn = float(total)
    if population is not None:
        # The variance of a share drawn so is that of a sample larger by this factor.
        drawn *= (population - 1) / (population - total)
    middle = (share + z * z / (2 * drawn)) / (1 + z * z / drawn)
    half = z / (1 + z * z / drawn) * sqrt(share * (1 - share) / drawn + z * z / (4 * drawn * drawn))
    # Rounding must not push the share itself out of its interval.
    return max(0.0, min(middle - half, share)), min(1.0, max(middle + half, share))


def apart(one: tuple[float, float], other: tuple[float, float]) -> int:
    """-1 where the one lies wholly below the other, 1 wholly above; an overlap says nothing: 0."""
    return -1 if one[1] < other[0] else int(one[0] > other[1])
