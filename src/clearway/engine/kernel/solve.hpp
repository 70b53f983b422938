// Jacobian entries, factorisation, and the fused right-hand side + forward + backward substitution. Layout: _streams.py.
#pragma once

// [constant, count, (derivative, coefficient)*, out]*, ended by the stream's length
static inline void jacobian(const clearway::Program& p, char* m) {
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

static inline void factorise(const clearway::Program& p, char* m) {
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
    if (diagonal) store(m + *c, d);
    ++c;
  }
}

static inline void substitute(const clearway::Program& p, char* m, int stage) {
  // Auxiliary unknowns have no right-hand side of their own.
  for (int u = p.states; u < p.unknowns; ++u) store(m + static_cast<long>(p.rhs + u) * clearway::slot_bytes, all(0.0));
  const int* c = p.forward;
  const char* coef = m + static_cast<long>(p.forward_coef) * clearway::slot_bytes;
  for (int left = *c++; left > 0; --left) {
    const int n = *c++;
    Value sum = load(m + c[n]);
    for (int i = 0; i < n; ++i, coef += clearway::slot_bytes) sum = fma(load(m + c[i]), load(coef), sum);
    store(m + c[n], sum * load(coef));
    coef += clearway::slot_bytes;
    c += n + 1;
  }
  c = p.backward;
  coef = m + static_cast<long>(p.backward_coef) * clearway::slot_bytes;
  char* k = m + static_cast<long>(stage) * clearway::slot_bytes;
  for (int left = *c++; left > 0; --left) {
    const int n = *c++;
    Value sum = load(m + c[n]);
    for (int i = 0; i < n; ++i, coef += clearway::slot_bytes) sum = fma(load(k + c[i]), load(coef), sum);
    store(k + c[n + 1], sum);
    c += n + 2;
  }
}
