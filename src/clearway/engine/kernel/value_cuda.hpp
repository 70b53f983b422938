// One double: a thread of an NVIDIA GPU runs one subject. Compiled by NVRTC without contraction, so that what is fused is said
// here and every operation rounds as on the fused paths of a CPU.
#pragma once

#define CLEARWAY_PART static __noinline__

struct Mask { bool m; };
struct Value {
  double v;
  static constexpr int lanes = 1;
};

// A slot holds the numbers of eight neighbouring threads (path_cuda.cu): p is this thread's own.
static inline Value load(const char* p) { return {*reinterpret_cast<const double*>(p)}; }
static inline void store(char* p, Value a) { *reinterpret_cast<double*>(p) = a.v; }
static inline Value all(double x) { return {x}; }
static inline Value operator+(Value a, Value b) { return {a.v + b.v}; }
static inline Value operator-(Value a, Value b) { return {a.v - b.v}; }
static inline Value operator*(Value a, Value b) { return {a.v * b.v}; }
static inline Value fma(Value a, Value b, Value c) { return {__fma_rn(a.v, b.v, c.v)}; }
static inline Value fnma(Value a, Value b, Value c) { return {__fma_rn(-a.v, b.v, c.v)}; }
// As the x86 instruction: the second operand where either is not a number.
static inline Value larger(Value a, Value b) { return {a.v > b.v ? a.v : b.v}; }
static inline Value smaller(Value a, Value b) { return {a.v < b.v ? a.v : b.v}; }
static inline Mask at_least(Value a, Value b) { return {a.v >= b.v}; }
static inline Value pick(Mask m, Value yes, Value no) { return {m.m ? yes.v : no.v}; }
static inline unsigned bits(Mask m) { return m.m; }
static inline Mask mask_of(unsigned b) { return {(b & 1) != 0}; }

static inline unsigned long long to_bits(Value a) { return static_cast<unsigned long long>(__double_as_longlong(a.v)); }
static inline Value from_bits(unsigned long long x) { return {__longlong_as_double(static_cast<long long>(x))}; }
static inline Value bits_from(long long c, Value a) { return from_bits(static_cast<unsigned long long>(c) - to_bits(a)); }
static inline Value bits_and(Value a, long long c) { return from_bits(to_bits(a) & static_cast<unsigned long long>(c)); }
static inline Value bits_or(Value a, long long c) { return from_bits(to_bits(a) | static_cast<unsigned long long>(c)); }
static inline Value bits_up52(Value a) { return from_bits(to_bits(a) << 52); }
static inline Value bits_down52(Value a) { return from_bits(to_bits(a) >> 52); }
static inline Value magnitude(Value a) { return bits_and(a, 0x7fffffffffffffffLL); }

static inline long next_in(long* queue) { return static_cast<long>(atomicAdd(reinterpret_cast<unsigned long long*>(queue), 1ULL)); }
// The threads of a warp meet here before every step, and go on together until the last of them is done.
static inline bool any(unsigned busy) { return __any_sync(0xffffffffu, busy != 0) != 0; }
static inline double not_a_number() { return __longlong_as_double(0x7ff8000000000000LL); }
