// Reciprocal, exp, log and power from adds, multiplies and bit patterns alone: the same result on every fused path.
#pragma once

// 1/x to about one unit in the last place. The guess from the exponent is within 13 %; e = 1 - x*r, two cubic steps and
// one quadratic one. Eight multiply-adds are cheaper than a 512-bit division and identical on every processor.
static inline Value reciprocal(Value x) {
  const Value one = all(1.0);
  Value r = bits_from(0x7FDE623822FC16E6LL, x);
  Value e = fnma(x, r, one);
  r = fma(r, fma(e, e, e), r);
  e = fnma(x, r, one);
  r = fma(r, fma(e, e, e), r);
  e = fnma(x, r, one);
  return fma(r, e, r);
}

// 1/x to 0.2 %, for error norms.
static inline Value rough_reciprocal(Value x) {
  const Value r = bits_from(0x7FDE623822FC16E6LL, x);
  const Value e = fnma(x, r, all(1.0));
  return fma(r, fma(e, e, e), r);
}

// 0.9*x^(-1/10) to 1e-4 for x in 1e-30..1e30, for step sizes: ln x by its exponent and a cubic in s, e^x by degree 5.
static inline Value step_factor(Value x) {
  x = smaller(larger(x, all(1e-30)), all(1e30));
  Value e = bits_or(bits_down52(x), 0x4330000000000000LL) - all(4503599627370496.0 + 1023.0);
  Value m = bits_or(bits_and(x, 0x000FFFFFFFFFFFFFLL), 0x3FF0000000000000LL);
  Value s = (m - all(1.4142135623730951)) * rough_reciprocal(m + all(1.4142135623730951));
  Value q = s * s;
  Value log2_m = fma(s * fma(q, fma(q, all(0.4), all(2.0 / 3.0)), all(2.0)), all(1.4426950408889634), all(0.5));
  Value z = (e + log2_m) * all(-0.1);  // power of two wanted
  const Value shift = all(6755399441055744.0);
  Value n = (z + shift) - shift;
  Value r = (z - n) * all(0.6931471805599453);
  Value p = fma(r, all(1.0 / 120.0), all(1.0 / 24.0));
  p = fma(p, r, all(1.0 / 6.0));
  p = fma(p, r, all(0.5));
  p = fma(p, r, all(1.0));
  p = fma(p, r, all(1.0));
  return all(0.9) * p * bits_up52(n + all(6755399441055744.0 + 1023.0));
}

// e^x: x = n*ln2 + r, |r| <= ln2/2, Taylor to degree 13 (remainder 4e-18). x is held within +-690, so that the result
// times a coefficient is still a number.
static inline Value exponential(Value x) {
  x = smaller(larger(x, all(-690.0)), all(690.0));
  const Value shift = all(6755399441055744.0);  // 1.5*2^52: adding it rounds to an integer in the low bits
  Value k = fma(x, all(1.4426950408889634), shift);
  Value n = k - shift;
  Value r = fnma(n, all(0x1.62e42fefa38p-1), x);
  r = fnma(n, all(0x1.ef35793c7673p-45), r);
  Value p = all(1.0 / 6227020800.0);
  p = fma(p, r, all(1.0 / 479001600.0));
  p = fma(p, r, all(1.0 / 39916800.0));
  p = fma(p, r, all(1.0 / 3628800.0));
  p = fma(p, r, all(1.0 / 362880.0));
  p = fma(p, r, all(1.0 / 40320.0));
  p = fma(p, r, all(1.0 / 5040.0));
  p = fma(p, r, all(1.0 / 720.0));
  p = fma(p, r, all(1.0 / 120.0));
  p = fma(p, r, all(1.0 / 24.0));
  p = fma(p, r, all(1.0 / 6.0));
  p = fma(p, r, all(0.5));
  p = fma(p, r, all(1.0));
  p = fma(p, r, all(1.0));
  // 2^n: n + 1023 in the low bits of the shifted sum, moved into the exponent field.
  Value scale = bits_up52(n + all(6755399441055744.0 + 1023.0));
  return p * scale;
}

// ln x for positive normal x: x = 2^e*m, m in [0.7, 1.41), s = (m-1)/(m+1), ln m = 2s(1 + s^2/3 + s^4/5 + ...).
static inline Value logarithm(Value x) {
  Value e = bits_or(bits_down52(x), 0x4330000000000000LL) - all(4503599627370496.0 + 1023.0);
  Value m = bits_or(bits_and(x, 0x000FFFFFFFFFFFFFLL), 0x3FF0000000000000LL);
  const Mask big = at_least(m, all(1.4142135623730951));
  m = pick(big, m * all(0.5), m);
  e = pick(big, e + all(1.0), e);
  Value s = (m - all(1.0)) * reciprocal(m + all(1.0));
  Value q = s * s;
  Value p = all(1.0 / 21.0);
  p = fma(p, q, all(1.0 / 19.0));
  p = fma(p, q, all(1.0 / 17.0));
  p = fma(p, q, all(1.0 / 15.0));
  p = fma(p, q, all(1.0 / 13.0));
  p = fma(p, q, all(1.0 / 11.0));
  p = fma(p, q, all(1.0 / 9.0));
  p = fma(p, q, all(1.0 / 7.0));
  p = fma(p, q, all(1.0 / 5.0));
  p = fma(p, q, all(1.0 / 3.0));
  p = p * q;
  Value two_s = s + s;
  Value log_m = fma(two_s, p, two_s);
  return fma(e, all(0x1.62e42fefa38p-1), fma(e, all(0x1.ef35793c7673p-45), log_m));
}

// x^a for x >= 0; 0^a = 0. x below 1e-300 counts as 1e-300.
static inline Value power(Value x, Value a) {
  const Mask positive = at_least(x, all(1e-300));
  return pick(positive, exponential(a * logarithm(larger(x, all(1e-300)))), all(0.0));
}
