// Runs of leaves side by side (_leaves.py). Each: [leaves, first, source, gathered sum, coefficients, sum in the factors], the
// second to fourth relative to a stage's unknowns.
#pragma once

enum Leaf : int { leaf_own = 0, leaf_in = 64, leaf_out = 128, leaf_start = 192, leaf_back = 256, leaf_bytes = 320 };

static inline void factorise_leaves(const clearway::Program& p, char* m) {
  const Value w = load(at(m, clearway::slot_m));
  const int* c = p.leaves;
  for (int runs = *c++; runs > 0; --runs, c += 6) {
    Value sum = all(0.0);
    char* k = m + c[4];
    for (int n = c[0]; n > 0; --n, k += leaf_bytes) {
      const Value d = reciprocal(w - load(k + leaf_own)), back = load(k + leaf_in) * d;
      store(k + leaf_start, w * d);
      store(k + leaf_back, back);
      sum = fma(load(k + leaf_out), back, sum);
    }
    store(m + c[5], sum);
  }
}

static inline void change_leaves(const clearway::Program& p, const char* m, char* x, Value scale) {
  const char *y = at(m, p.y), *rates = at(m, p.rates);
  const int* c = p.leaves;
  for (int runs = *c++; runs > 0; --runs, c += 6) {
    Value sum = all(0.0);
    const Value source = load(y + c[2]);
    const char* k = m + c[4];
    long o = c[1];
    for (int n = c[0]; n > 0; --n, k += leaf_bytes, o += clearway::slot_bytes) {
      const Value own = load(y + o);
      store(x + o, fma(own, load(k + leaf_own), fma(source, load(k + leaf_in), load(rates + o))) * scale);
      sum = fma(own, load(k + leaf_out), sum);
    }
    store(x + c[3], sum);
  }
}

static inline void forward_leaves(const clearway::Program& p, const char* m, const char* before, char* x) {
  const int* c = p.leaves;
  for (int runs = *c++; runs > 0; --runs, c += 6) {
    Value sum = all(0.0);
    const char *k = m + c[4], *from = before + c[1];
    char* to = x + c[1];
#pragma GCC unroll 4
    for (int n = c[0]; n > 0; --n, k += leaf_bytes, from += clearway::slot_bytes, to += clearway::slot_bytes) {
      const Value b = load(from) * load(k + leaf_start);
      store(to, b);
      sum = fma(b, load(k + leaf_out), sum);
    }
    store(x + c[3], sum);
  }
}

static inline void copy_gathered(const clearway::Program& p, const char* from, char* x) {
  const int* c = p.leaves;
  for (int runs = *c++; runs > 0; --runs, c += 6) store(x + c[3], load(from + c[3]));
}

static inline void backward_leaves(const clearway::Program& p, const char* m, const char* b, char* x) {
  const int* c = p.leaves;
  for (int runs = *c++; runs > 0; --runs, c += 6) {
    const Value source = load(x + c[2]);
    const char* k = m + c[4];
    const char* from = b + c[1];
    char* to = x + c[1];
#pragma GCC unroll 4
    for (int n = c[0]; n > 0; --n, k += leaf_bytes, from += clearway::slot_bytes, to += clearway::slot_bytes)
      store(to, fma(source, load(k + leaf_back), load(from)));
  }
}
