// Eight doubles in one AVX-512 register. Every value header offers the same names and the same rounding.
#pragma once

struct Mask { __mmask8 m; };
struct Value {
  __m512d v;
  static constexpr int lanes = 8;
};

static inline Value load(const char* p) { return {_mm512_load_pd(reinterpret_cast<const double*>(p))}; }
static inline void store(char* p, Value a) { _mm512_store_pd(reinterpret_cast<double*>(p), a.v); }
static inline Value all(double x) { return {_mm512_set1_pd(x)}; }
static inline Value operator+(Value a, Value b) { return {_mm512_add_pd(a.v, b.v)}; }
static inline Value operator-(Value a, Value b) { return {_mm512_sub_pd(a.v, b.v)}; }
static inline Value operator*(Value a, Value b) { return {_mm512_mul_pd(a.v, b.v)}; }
static inline Value fma(Value a, Value b, Value c) { return {_mm512_fmadd_pd(a.v, b.v, c.v)}; }
static inline Value fnma(Value a, Value b, Value c) { return {_mm512_fnmadd_pd(a.v, b.v, c.v)}; }
// As the x86 instruction: the second operand where either is not a number.
static inline Value larger(Value a, Value b) { return {_mm512_max_pd(a.v, b.v)}; }
static inline Value smaller(Value a, Value b) { return {_mm512_min_pd(a.v, b.v)}; }
static inline Value magnitude(Value a) { return {_mm512_abs_pd(a.v)}; }
static inline Mask at_least(Value a, Value b) { return {_mm512_cmp_pd_mask(a.v, b.v, _CMP_GE_OQ)}; }
static inline Value pick(Mask m, Value yes, Value no) { return {_mm512_mask_blend_pd(m.m, no.v, yes.v)}; }
static inline unsigned bits(Mask m) { return m.m; }
static inline Mask mask_of(unsigned b) { return {static_cast<__mmask8>(b)}; }
// Integer operations on the bit pattern of a double, for reciprocal, exp and log.
static inline Value bits_from(long long c, Value a) { return {_mm512_castsi512_pd(_mm512_sub_epi64(_mm512_set1_epi64(c), _mm512_castpd_si512(a.v)))}; }
static inline Value bits_and(Value a, long long c) { return {_mm512_castsi512_pd(_mm512_and_epi64(_mm512_castpd_si512(a.v), _mm512_set1_epi64(c)))}; }
static inline Value bits_or(Value a, long long c) { return {_mm512_castsi512_pd(_mm512_or_epi64(_mm512_castpd_si512(a.v), _mm512_set1_epi64(c)))}; }
static inline Value bits_up52(Value a) { return {_mm512_castsi512_pd(_mm512_slli_epi64(_mm512_castpd_si512(a.v), 52))}; }
static inline Value bits_down52(Value a) { return {_mm512_castsi512_pd(_mm512_srli_epi64(_mm512_castpd_si512(a.v), 52))}; }
