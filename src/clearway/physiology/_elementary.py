"""Logarithm, exponential and normal quantile that give the same bits on every machine.

The vector functions of numpy and of C libraries differ in the last bit between processors. Additions, products,
quotients and powers of two do not, so that people drawn with these are the same wherever they are drawn. The
polynomials are those of fdlibm (`e_log.c`, `e_exp.c`); the normal quantile is algorithm AS 241 (PPND16).
Tests hold all three against other libraries.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_LN2_HIGH, _LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
_LOG = (
    6.666666666666735130e-01, 3.999999999940941908e-01, 2.857142874366239149e-01, 2.222219843214978396e-01,
    1.818357216161805012e-01, 1.531383769920937332e-01, 1.479819860511658591e-01,
)  # fmt: skip
_EXP = (
    1.66666666666666019037e-01, -2.77777777770155933842e-03, 6.61375632143793436117e-05, -1.65339022054652515390e-06,
    4.13813679705723846039e-08,
)  # fmt: skip
_CENTRAL, _NEAR = 0.425, 5.0
"""Half-width about p = 1/2 of the central branch of AS 241, and the limit of its near tail in sqrt(−ln p)."""
_A = (
    3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3, 1.3731693765509461125e4,
    4.5921953931549871457e4, 6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3,
)  # fmt: skip
_B = (
    1.0, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3, 2.1213794301586595867e4,
    3.9307895800092710610e4, 2.8729085735721942674e4, 5.2264952788528545610e3,
)  # fmt: skip
_C = (
    1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0, 3.64784832476320460504e0,
    1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4,
)  # fmt: skip
_D = (
    1.0, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1, 1.48103976427480074590e-1,
    1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9,
)  # fmt: skip
_E = (
    6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0, 2.96560571828504891230e-1,
    2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7,
)  # fmt: skip
_F = (
    1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2, 7.86869131145613259100e-4,
    1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15,
)  # fmt: skip


def _polynomial(x: Floats, coefficients: Sequence[float]) -> Floats:
    """Σ c_i·x^i by Horner's rule."""
    value = np.full_like(x, coefficients[-1])
    for c in coefficients[-2::-1]:
        value *= x
        value += c
    return value


def log(x: Floats) -> Floats:
    """ln x of positive x, within 1 ulp: x = 2^k·(1 + f), √½ ≤ 1 + f < √2, ln(1 + f) by s = f/(2 + f)."""
    part, k = np.frexp(np.asarray(x, dtype=np.float64))
    small = part < np.sqrt(0.5)
    f = np.where(small, 2.0 * part, part) - 1.0
    k = (k - small).astype(np.float64)
    s = f / (2.0 + f)
    z = s * s
    half = 0.5 * f * f
    return np.asarray(k * _LN2_HIGH - ((half - (s * (half + z * _polynomial(z, _LOG)) + k * _LN2_LOW)) - f))


def exp(x: Floats) -> Floats:
    """e^x for |x| < 700, within 1 ulp: x = k·ln 2 + r, e^r by a rational function of r²."""
    x = np.asarray(x, dtype=np.float64)
    k = np.rint(x / (_LN2_HIGH + _LN2_LOW))
    high, low = x - k * _LN2_HIGH, k * _LN2_LOW
    r = high - low
    t = r * r
    c = r - t * _polynomial(t, _EXP)
    return np.asarray(np.ldexp(1.0 - ((low - (r * c) / (2.0 - c)) - high), k.astype(np.int32)))


def normal(p: Floats) -> Floats:
    """The standard normal quantile of 0 < p < 1, relative error about 1e-15."""
    shape, p = np.shape(p), np.ravel(p)
    q = p - 0.5
    r = _CENTRAL * _CENTRAL - q * q
    value = q * _polynomial(r, _A) / _polynomial(r, _B)
    tail = np.flatnonzero(np.abs(q) > _CENTRAL)
    r = np.sqrt(-log(np.minimum(p[tail], 1.0 - p[tail])))
    near, far = r - 1.6, r - _NEAR
    ratio = np.where(r <= _NEAR, _polynomial(near, _C) / _polynomial(near, _D), _polynomial(far, _E) / _polynomial(far, _F))
    value[tail] = np.where(q[tail] < 0.0, -ratio, ratio)
    return np.asarray(value.reshape(shape))
