// Eight doubles as a plain array: any processor. No fused multiply-add, so results differ in the last bits.
#pragma once

struct Mask { unsigned m; };
struct alignas(64) Value {
  double d[8];
  static constexpr int lanes = 8;
};

#define CLEARWAY_EACH(expr) \
  Value r; \
  for (int i = 0; i < 8; ++i) r.d[i] = (expr); \
  return r

static inline long long to_bits(double x) { return __builtin_bit_cast(long long, x); }
static inline double from_bits(unsigned long long x) { return __builtin_bit_cast(double, x); }

static inline Value load(const char* p) { return *reinterpret_cast<const Value*>(p); }
static inline void store(char* p, const Value& a) { *reinterpret_cast<Value*>(p) = a; }
static inline Value all(double x) { CLEARWAY_EACH(x); }
static inline Value operator+(const Value& a, const Value& b) { CLEARWAY_EACH(a.d[i] + b.d[i]); }
static inline Value operator-(const Value& a, const Value& b) { CLEARWAY_EACH(a.d[i] - b.d[i]); }
static inline Value operator*(const Value& a, const Value& b) { CLEARWAY_EACH(a.d[i] * b.d[i]); }
static inline Value fma(const Value& a, const Value& b, const Value& c) { CLEARWAY_EACH(a.d[i] * b.d[i] + c.d[i]); }
static inline Value fnma(const Value& a, const Value& b, const Value& c) { CLEARWAY_EACH(c.d[i] - a.d[i] * b.d[i]); }
static inline Value larger(const Value& a, const Value& b) { CLEARWAY_EACH(a.d[i] > b.d[i] ? a.d[i] : b.d[i]); }
static inline Value smaller(const Value& a, const Value& b) { CLEARWAY_EACH(a.d[i] < b.d[i] ? a.d[i] : b.d[i]); }
static inline Value magnitude(const Value& a) { CLEARWAY_EACH(__builtin_fabs(a.d[i])); }
static inline Mask at_least(const Value& a, const Value& b) {
  unsigned m = 0;
  for (int i = 0; i < 8; ++i) m |= static_cast<unsigned>(a.d[i] >= b.d[i]) << i;
  return {m};
}
static inline Value pick(Mask m, const Value& yes, const Value& no) { CLEARWAY_EACH((m.m >> i) & 1 ? yes.d[i] : no.d[i]); }
static inline unsigned bits(Mask m) { return m.m; }
static inline Mask mask_of(unsigned b) { return {b}; }
static inline Value bits_from(long long c, const Value& a) { CLEARWAY_EACH(from_bits(static_cast<unsigned long long>(c) - static_cast<unsigned long long>(to_bits(a.d[i])))); }
static inline Value bits_and(const Value& a, long long c) { CLEARWAY_EACH(from_bits(static_cast<unsigned long long>(to_bits(a.d[i]) & c))); }
static inline Value bits_or(const Value& a, long long c) { CLEARWAY_EACH(from_bits(static_cast<unsigned long long>(to_bits(a.d[i]) | c))); }
static inline Value bits_up52(const Value& a) { CLEARWAY_EACH(from_bits(static_cast<unsigned long long>(to_bits(a.d[i])) << 52)); }
static inline Value bits_down52(const Value& a) { CLEARWAY_EACH(from_bits(static_cast<unsigned long long>(to_bits(a.d[i])) >> 52)); }
#undef CLEARWAY_EACH
