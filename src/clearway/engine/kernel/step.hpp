// One Rodas5P step of eight subjects, each with its own step size.
#pragma once

static inline char* at(char* m, int slot) { return m + static_cast<long>(slot) * clearway::slot_bytes; }
static inline const char* at(const char* m, int slot) { return m + static_cast<long>(slot) * clearway::slot_bytes; }

// Stage argument Y = y + sum a_ij k_j and the part sum (C_ij/h) k_j of the right-hand side, for stage `i` (0-based).
template <int i>
static inline void combine(const clearway::Program& p, char* m) {
  const Value hinv = load(at(m, clearway::slot_hinv));
  const char *y = at(m, p.y), *k = at(m, p.increments);
  char *stage_y = at(m, p.stage_y), *rhs = at(m, p.increments + i * p.stride);
  const int states = p.states;
  const long stride = static_cast<long>(p.stride) * clearway::slot_bytes;
  for (int s = 0; s < states; ++s) {
    const long o = static_cast<long>(s) * clearway::slot_bytes;
    const char* ks = k + o;
    Value sum_y = i <= 5 ? load(y + o) : load(stage_y + o);
    Value sum_c = load(ks) * all(stage_c[i][0]);
    if (i > 5) sum_y = sum_y + load(ks + (i - 1) * stride);
    if (i <= 5) sum_y = fma(load(ks), all(stage_a[i][0]), sum_y);
#pragma GCC unroll 8
    for (int j = 1; j < i; ++j) {
      const Value kj = load(ks + j * stride);
      sum_c = fma(kj, all(stage_c[i][j]), sum_c);
      if (i <= 5) sum_y = fma(kj, all(stage_a[i < 6 ? i : 0][j < 5 ? j : 0]), sum_y);
    }
    store(stage_y + o, sum_y);
    store(rhs + o, sum_c * hinv);
  }
}

static inline void add_rates(const clearway::Program& p, char* m, int stage) {
  char* rhs = at(m, p.increments + stage * p.stride);
  for (int s = 0; s < p.states; ++s) store(at(rhs, s), load(at(rhs, s)) + load(at(m, p.rates + s)));
}

template <int i>
static inline void later_stage(const clearway::Program& p, char* m, bool rates) {
  combine<i>(p, m);
  if (rates) add_rates(p, m, i);
  sites<false>(p, m);
  substitute(p, m, i);
}

// All eight stages from y; leaves the increments, and the new state as stage argument + last increment.
static inline void step(const clearway::Program& p, char* m, Value h, bool rates) {
  const Value hinv = reciprocal(h);
  store(at(m, clearway::slot_hinv), hinv);
  store(at(m, clearway::slot_m), hinv * all(1.0 / gamma_rodas));
  const int states = p.states;
  char *y = at(m, p.y), *stage_y = at(m, p.stage_y), *rhs = at(m, p.increments);
  for (int s = 0; s < states; ++s) {
    store(at(stage_y, s), load(at(y, s)));
    store(at(rhs, s), all(0.0));
  }
  if (rates) add_rates(p, m, 0);
  sites<true>(p, m);
  jacobian(p, m);
  factorise(p, m);
  substitute(p, m, 0);
  later_stage<1>(p, m, rates);
  later_stage<2>(p, m, rates);
  later_stage<3>(p, m, rates);
  later_stage<4>(p, m, rates);
  later_stage<5>(p, m, rates);
  later_stage<6>(p, m, rates);
  later_stage<7>(p, m, rates);
}

// New state into stage_y; mean square of error/(atol + rtol*size); smallest of y + 100*(atol + rtol*size).
// A state's size is its new one, for there its error stays; but at least half its old one, lest a state that vanishes within
// the step rules it. A depot's size is that of its scale group, if it has one: its own error matters as far as the body sees it.
static inline void judge(const clearway::Program& p, char* m, double rtol, Value& mean_square, Value& margin) {
  const Value rel = all(rtol);
  const int states = p.states, in_norm = p.in_norm;
  const char *y = at(m, p.y), *error = at(m, p.increments + 7 * p.stride), *atol = at(m, p.atol);
  char *now = at(m, p.stage_y), *size = at(m, p.size);
  for (int s = 0; s < states; ++s) {
    const Value y1 = load(at(now, s)) + load(at(error, s));
    store(at(now, s), y1);
    store(at(size, s), larger(magnitude(load(at(y, s))) * all(0.5), magnitude(y1)));
  }
  const int* c = p.scale;
  for (int groups = *c++; groups > 0; --groups) {
    Value total[2] = {all(0.0), all(0.0)};  // two chains here and below: a sum waits for its last term
    int n = *c++;
    for (; n > 1; n -= 2, c += 2)
      for (int i = 0; i < 2; ++i) total[i] = total[i] + magnitude(load(at(now, c[i])));
    if (n > 0) total[0] = total[0] + magnitude(load(at(now, *c++)));
    const Value all_of_it = total[0] + total[1];
    for (n = *c++; n > 0; --n, ++c) store(at(size, *c), larger(load(at(size, *c)), all_of_it));
  }
  Value sum[2] = {all(0.0), all(0.0)}, low[2] = {all(1e300), all(1e300)};
  const auto add = [&](int s, int chain) {
    const Value scale = fma(load(at(size, s)), rel, load(at(atol, s)));
    const Value e = load(at(error, s)) * rough_reciprocal(scale);
    low[chain] = smaller(low[chain], fma(scale, all(100.0), load(at(now, s))));
    sum[chain] = fma(e, e, sum[chain]);
  };
  int s = 0;
  for (; s + 1 < in_norm; s += 2) {
    add(s, 0);
    add(s + 1, 1);
  }
  if (s < in_norm) add(s, 0);
  mean_square = (sum[0] + sum[1]) * all(1.0 / p.in_norm);
  margin = smaller(low[0], low[1]);
}
