// Jacobian entries, factorisation, the change at y, forward and backward substitution. Layout: _streams.py.
#pragma once

// [constant, count, (derivative, coefficient)*, out]*, ended by the stream's length
CLEARWAY_PART void jacobian(const clearway::Program& p, char* m) {
  const int* c = p.jac;
  for (int left = *c++; left > 0; --left) {
    Value sum = load(m + *c++);
    for (int n = *c++; n > 0; --n, c += 2) sum = fma(load(m + c[0]), load(m + c[1]), sum);
    store(m + *c++, sum);
  }
}

static inline const int* products(const int* c, const char* m, Value& sum) {
  for (int n = *c++; n > 0; --n, c += 2) sum = fma(load(m + c[0]), load(m + c[1]), sum);
  return c;
}

CLEARWAY_PART void factorise(const clearway::Program& p, char* m) {
  const int* c = p.factor;
  for (int left = *c++; left > 0; --left) {
    for (int n = *c++; n > 0; --n) {
      Value g = load(m + *c++);
      c = products(c, m, g);
      store(m + *c++, g);
    }
    Value d = all(1.0);
    const bool diagonal = *c++ != 0;
    if (diagonal) {
      Value g = load(m + c[0]);
      const Value own = load(m + c[1]);
      c = products(c + 2, m, g);
      d = reciprocal(own - g);
    }
    for (int n = *c++; n > 0; --n) {
      Value g = load(m + *c++);
      c = products(c, m, g);
      store(m + *c++, g * d);
    }
    for (int n = *c++; n > 0; --n, c += 2) store(m + c[1], load(m + c[0]) * d);
  }
}

// start + sum of n products, in a fixed order; long rows by two chains, since each multiply-add waits for the last.
template <int n>
static inline Value row(const int* c, const char* coef, const char* x, Value sum) {
  Value odd = sum;
#pragma GCC unroll 16
  for (int i = 0; i < n; ++i) {
    const Value k = load(coef + i * clearway::slot_bytes), v = load(x + c[i]);
    if (n >= 6 && (i & 1)) odd = i == 1 ? v * k : fma(v, k, odd);
    else sum = fma(v, k, sum);
  }
  return n >= 6 ? sum + odd : sum;
}

static inline Value long_row(int n, const int* c, const char* coef, const char* x, Value sum) {
  for (int i = 0; i < n; ++i, coef += clearway::slot_bytes) sum = fma(load(x + c[i]), load(coef), sum);
  return sum;
}

// Positions in a stream. Held by value in every loop: a store through a vector pointer may alias anything, so positions that
// live in memory would be read back after each row.
struct Place {
  const int* c;
  const char* coef;
};

template <int n>
static inline Place change_rows(Place at, int rows, const char* m, char* x, const char* start, Value scale) {
  const int* c = at.c;
  const char* coef = at.coef;
  for (; rows > 0; --rows, c += n + 1, coef += n * clearway::slot_bytes)
    store(x + c[n], row<n>(c, coef, m, load(start + c[n])) * scale);
  return {c, coef};
}

// Each row's start times its first coefficient, then the entries.
template <int n>
static inline Place forward_rows(Place at, int rows, const char* start, char* x) {
  const int* c = at.c;
  const char* coef = at.coef;
  for (; rows > 0; --rows, c += n + 2, coef += (n + 1) * clearway::slot_bytes)
    store(x + c[n + 1], row<n>(c, coef + clearway::slot_bytes, x, load(start + c[n]) * load(coef)));
  return {c, coef};
}

template <int n>
static inline Place backward_rows(Place at, int rows, char* x) {
  const int* c = at.c;
  const char* coef = at.coef;
  for (; rows > 0; --rows, c += n + 2, coef += n * clearway::slot_bytes)
    store(x + c[n + 1], row<n>(c, coef, x, load(x + c[n])));
  return {c, coef};
}

#define CLEARWAY_LENGTHS(CASE) CASE(0) CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6) CASE(7) CASE(8) CASE(9) CASE(10) CASE(11) CASE(12) CASE(13) CASE(14)

// scale*(start + f's linear exchanges and fluxes): entries relative to m, start and result by state.
CLEARWAY_PART void change(Place at, const char* m, char* x, const char* start, Value scale) {
  for (int groups = *at.c++; groups > 0; --groups) {
    const int n = at.c[0];
    int rows = at.c[1];
    at.c += 2;
    switch (n) {
#define CLEARWAY_CASE(N) \
  case N: \
    at = change_rows<N>(at, rows, m, x, start, scale); \
    break;
      CLEARWAY_LENGTHS(CLEARWAY_CASE)
#undef CLEARWAY_CASE
      default:
        for (; rows > 0; --rows, at.c += n + 1, at.coef += n * clearway::slot_bytes)
          store(x + at.c[n], long_row(n, at.c, at.coef, m, load(start + at.c[n])) * scale);
    }
  }
}

// Rows of states start from `before`, those of fluxes and sums from x itself.
CLEARWAY_PART void forward(Place at, const char* before, char* x) {
  for (int groups = *at.c++; groups > 0; --groups) {
    const int n = at.c[0];
    int rows = at.c[1];
    const char* start = at.c[2] != 0 ? before : x;
    at.c += 3;
    switch (n) {
#define CLEARWAY_CASE(N) \
  case N: \
    at = forward_rows<N>(at, rows, start, x); \
    break;
      CLEARWAY_LENGTHS(CLEARWAY_CASE)
#undef CLEARWAY_CASE
      default:
        for (; rows > 0; --rows, at.c += n + 2, at.coef += (n + 1) * clearway::slot_bytes)
          store(x + at.c[n + 1], long_row(n, at.c, at.coef + clearway::slot_bytes, x, load(start + at.c[n]) * load(at.coef)));
    }
  }
}

CLEARWAY_PART void backward(Place at, char* x) {
  for (int groups = *at.c++; groups > 0; --groups) {
    const int n = at.c[0];
    int rows = at.c[1];
    at.c += 2;
    switch (n) {
#define CLEARWAY_CASE(N) \
  case N: \
    at = backward_rows<N>(at, rows, x); \
    break;
      CLEARWAY_LENGTHS(CLEARWAY_CASE)
#undef CLEARWAY_CASE
      default:
        for (; rows > 0; --rows, at.c += n + 2, at.coef += n * clearway::slot_bytes)
          store(x + at.c[n + 1], long_row(n, at.c, at.coef, x, load(x + at.c[n])));
    }
  }
}
#undef CLEARWAY_LENGTHS
