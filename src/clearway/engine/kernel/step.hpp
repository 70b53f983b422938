// One Rodas5P step of eight subjects, each with its own step size.
#pragma once

// What the sites read at stage i (0-based): Y = y + sum reach_ij k_j.
template <int i>
static inline void read_states(const clearway::Program& p, char* m) {
  const long stride = bytes(p.stride);
  const char *y = at(m, p.y), *k = at(m, p.increments) + stride;
  char* stage_y = at(m, p.stage_y);
  const long end = bytes(p.reads);
  for (long o = 0; o < end; o += clearway::slot_bytes) {
    Value sum = load(y + o);
#pragma GCC unroll 8
    for (int j = 0; j < i; ++j)
      if (reach[i][j] != 0) sum = fma(load(k + o + j * stride), all(reach[i][j]), sum);
    store(stage_y + o, sum);
  }
}

// Right-hand sides of the fluxes' rows: sum mix_ij g_j, g_j the residual of stage j.
template <int i>
static inline void mix_residuals(const clearway::Program& p, char* m, char* x) {
  const long stride = bytes(p.residuals);
  const char* g = at(m, p.residual);
  char* out = x + bytes(p.states);
  for (long o = 0; o < stride; o += clearway::slot_bytes) {
    Value sum = load(g + o + i * stride) * all(mix[i][i]);
#pragma GCC unroll 8
    for (int j = 1; j < i; ++j) sum = fma(load(g + o + j * stride), all(mix[i][j]), sum);
    store(out + o, sum);
  }
}

template <int i>
static inline void stage(const clearway::Program& p, char* m) {
  char* const change = at(m, p.increments);
  const long stride = bytes(p.stride);
  char* const x = change + (i + 1) * stride;
  if constexpr (i > 0) {
    read_states<i>(p, m);
    sites<false>(p, m, at(m, p.residual + i * p.residuals));
    mix_residuals<i>(p, m, x);
  }
  // The second stage starts from the change as the first does, so that their leaves go forward as one; of the first, nothing is
  // needed but what the sites read.
  constexpr bool repeats = i == 1;
  const char* before = i == 0 || repeats ? change : x - stride;
  if constexpr (repeats) copy_gathered(p, x - stride, x);
  else forward_leaves(p, m, before, x);
  forward({p.forward, at(m, p.forward_coef)}, before, x);
  backward({p.backward, at(m, p.backward_coef)}, x);
  if constexpr (i > 0) backward_leaves(p, m, repeats ? x - stride : x, x);
}

template <int i>
static inline void stages_from(const clearway::Program& p, char* m) {
  stage<i>(p, m);
  if constexpr (i + 1 < n_stages) stages_from<i + 1>(p, m);
}

// All stages from y; leaves the increments k_j. The block of slots before them holds the change h*gamma*f(y).
static inline void step(const clearway::Program& p, char* m, Value h) {
  const Value h_gamma = h * all(gamma_rodas);
  store(at(m, clearway::slot_m), reciprocal(h) * all(1.0 / gamma_rodas));
  for (int s = 0; s < p.reads; ++s) store(at(m, p.stage_y + s), load(at(m, p.y + s)));
  sites<true>(p, m, nullptr);
  jacobian(p, m);
  factorise_leaves(p, m);
  factorise(p, m);
  change_leaves(p, m, at(m, p.increments), h_gamma);
  change({p.linear, at(m, p.linear_coef)}, m, at(m, p.increments), at(m, p.rates), h_gamma);
  for (int r = 0; r < p.residuals; ++r) store(at(m, p.increments + p.stride + p.states + r), all(0.0));
  stages_from<0>(p, m);
}

// New state of s into stage_y, its error as the result.
static inline Value advance_state(const char* y, const char* k, char* now, long stride) {
  Value y1 = load(y), e = all(0.0);
#pragma GCC unroll 8
  for (int j = 0; j < n_stages; ++j) {
    if (advance[j] == 0 && defect[j] == 0) continue;
    const Value kj = load(k + j * stride);
    if (advance[j] != 0) y1 = fma(kj, all(advance[j]), y1);
    if (defect[j] != 0) e = fma(kj, all(defect[j]), e);
  }
  store(now, y1);
  return e;
}

// How many tolerances an amount may lie below zero: a hundred, but never more than a hundredth of its size.
static inline double below_zero(double rtol) { return rtol < 1e-4 ? 100.0 : 0.01 / rtol; }

// New state into stage_y; mean square of error/(atol + rtol*size); smallest of y + below_zero*(atol + rtol*size).
// A state's size is its new one, for there its error stays; but at least half its old one, lest a state that vanishes within
// the step rules it. A depot's size is that of its scale group, if it has one: its own error matters as far as the body sees it.
static inline void judge(const clearway::Program& p, char* m, double rtol, Value& mean_square, Value& margin) {
  const Value rel = all(rtol), slack = all(below_zero(rtol));
  const long stride = bytes(p.stride);
  const char *y = at(m, p.y), *atol = at(m, p.atol), *k = at(m, p.increments) + stride;
  char *now = at(m, p.stage_y), *error = at(m, p.increments);
  Value sum = all(0.0), low = all(1e300);
  const auto add = [&](long o, Value e, Value size) {
    const Value scale = fma(size, rel, load(atol + o));
    e = e * rough_reciprocal(scale);
    low = smaller(low, fma(scale, slack, load(now + o)));
    sum = fma(e, e, sum);
  };
  const auto own = [&](long o) { return larger(magnitude(load(y + o)) * all(0.5), magnitude(load(now + o))); };
  const long plain = bytes(p.plain), plain_end = bytes(p.plain_end), end = bytes(p.states);
  for (long o = 0; o < plain; o += clearway::slot_bytes) store(error + o, advance_state(y + o, k + o, now + o, stride));
  for (long o = plain; o < plain_end; o += clearway::slot_bytes) {
    const Value e = advance_state(y + o, k + o, now + o, stride);
    add(o, e, own(o));
  }
  for (long o = plain_end; o < end; o += clearway::slot_bytes) store(error + o, advance_state(y + o, k + o, now + o, stride));
  const int* c = p.scale;
  for (int groups = *c++; groups > 0; --groups) {
    Value total[2] = {all(0.0), all(0.0)};  // two chains: a sum waits for its last term
    int n = *c++;
    for (; n > 1; n -= 2, c += 2)
      for (int i = 0; i < 2; ++i) total[i] = total[i] + magnitude(load(at(now, c[i])));
    if (n > 0) total[0] = total[0] + magnitude(load(at(now, *c++)));
    const Value all_of_it = total[0] + total[1];
    for (n = *c++; n > 0; --n, ++c) add(bytes(*c), load(at(error, *c)), larger(own(bytes(*c)), all_of_it));
  }
  mean_square = sum * all(1.0 / p.in_norm);
  margin = low;
}
