// Eight doubles as two AVX2 half-vectors: operation for operation what AVX-512 does, so results are bitwise equal.
#pragma once

struct Mask { __m256d lo, hi; };
struct Value {
  __m256d lo, hi;
  static constexpr int lanes = 8;
};

static inline Value load(const char* p) {
  const double* d = reinterpret_cast<const double*>(p);
  return {_mm256_load_pd(d), _mm256_load_pd(d + 4)};
}
static inline void store(char* p, Value a) {
  double* d = reinterpret_cast<double*>(p);
  _mm256_store_pd(d, a.lo);
  _mm256_store_pd(d + 4, a.hi);
}
static inline Value all(double x) { return {_mm256_set1_pd(x), _mm256_set1_pd(x)}; }
static inline Value operator+(Value a, Value b) { return {_mm256_add_pd(a.lo, b.lo), _mm256_add_pd(a.hi, b.hi)}; }
static inline Value operator-(Value a, Value b) { return {_mm256_sub_pd(a.lo, b.lo), _mm256_sub_pd(a.hi, b.hi)}; }
static inline Value operator*(Value a, Value b) { return {_mm256_mul_pd(a.lo, b.lo), _mm256_mul_pd(a.hi, b.hi)}; }
static inline Value fma(Value a, Value b, Value c) { return {_mm256_fmadd_pd(a.lo, b.lo, c.lo), _mm256_fmadd_pd(a.hi, b.hi, c.hi)}; }
static inline Value fnma(Value a, Value b, Value c) { return {_mm256_fnmadd_pd(a.lo, b.lo, c.lo), _mm256_fnmadd_pd(a.hi, b.hi, c.hi)}; }
static inline Value larger(Value a, Value b) { return {_mm256_max_pd(a.lo, b.lo), _mm256_max_pd(a.hi, b.hi)}; }
static inline Value smaller(Value a, Value b) { return {_mm256_min_pd(a.lo, b.lo), _mm256_min_pd(a.hi, b.hi)}; }
static inline __m256d half_bits(long long c) { return _mm256_castsi256_pd(_mm256_set1_epi64x(c)); }
static inline Value bits_and(Value a, long long c) { return {_mm256_and_pd(a.lo, half_bits(c)), _mm256_and_pd(a.hi, half_bits(c))}; }
static inline Value bits_or(Value a, long long c) { return {_mm256_or_pd(a.lo, half_bits(c)), _mm256_or_pd(a.hi, half_bits(c))}; }
static inline Value magnitude(Value a) { return bits_and(a, 0x7fffffffffffffffLL); }
static inline Mask at_least(Value a, Value b) { return {_mm256_cmp_pd(a.lo, b.lo, _CMP_GE_OQ), _mm256_cmp_pd(a.hi, b.hi, _CMP_GE_OQ)}; }
static inline Value pick(Mask m, Value yes, Value no) { return {_mm256_blendv_pd(no.lo, yes.lo, m.lo), _mm256_blendv_pd(no.hi, yes.hi, m.hi)}; }
static inline unsigned bits(Mask m) { return static_cast<unsigned>(_mm256_movemask_pd(m.lo) | (_mm256_movemask_pd(m.hi) << 4)); }
static inline Mask mask_of(unsigned b) {
  const __m256i lane = _mm256_set_epi64x(8, 4, 2, 1);
  const __m256i lo = _mm256_and_si256(_mm256_set1_epi64x(b & 15), lane), hi = _mm256_and_si256(_mm256_set1_epi64x(b >> 4), lane);
  return {_mm256_castsi256_pd(_mm256_cmpeq_epi64(lo, lane)), _mm256_castsi256_pd(_mm256_cmpeq_epi64(hi, lane))};
}
static inline __m256d half_from(long long c, __m256d a) { return _mm256_castsi256_pd(_mm256_sub_epi64(_mm256_set1_epi64x(c), _mm256_castpd_si256(a))); }
static inline Value bits_from(long long c, Value a) { return {half_from(c, a.lo), half_from(c, a.hi)}; }
static inline __m256d half_up(__m256d a) { return _mm256_castsi256_pd(_mm256_slli_epi64(_mm256_castpd_si256(a), 52)); }
static inline __m256d half_down(__m256d a) { return _mm256_castsi256_pd(_mm256_srli_epi64(_mm256_castpd_si256(a), 52)); }
static inline Value bits_up52(Value a) { return {half_up(a.lo), half_up(a.hi)}; }
static inline Value bits_down52(Value a) { return {half_down(a.lo), half_down(a.hi)}; }
