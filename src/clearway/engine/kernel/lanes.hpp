// The driver: eight lanes, each with its own subject, time, step size and events, refilled from a shared queue.
// Lanes meet in no operation, so a subject's result does not depend on its company.
#pragma once

struct Driver {
  static constexpr int lanes = clearway::lanes, learn_slots = 24;
  const clearway::Program& p;
  const clearway::Batch& b;
  char* m;

  Driver(const clearway::Program& program, const clearway::Batch& batch, char* memory) : p(program), b(batch), m(memory) {}

  double t[lanes], h[lanes], used[lanes], stop[lanes], last_used[lanes], last_ideal[lanes];
  double learned_h[lanes][learn_slots];
  unsigned long long learned_key[lanes][learn_slots], fresh[lanes];
  int learned_n[lanes];
  long subject[lanes], next_event[lanes], last_event[lanes], next_out[lanes], accepted[lanes], refused[lanes];
  bool after_reject[lanes], landing[lanes], negative[lanes];
  double negative_t[lanes];
  int negative_s[lanes];

  double& cell(int slot, int lane) { return reinterpret_cast<double*>(m)[static_cast<long>(slot) * lanes + lane]; }
  const double* t_out(int l) const { return b.t_out + subject[l] * b.t_out_stride; }

  void run() {
    for (long i = 0; i < static_cast<long>(p.slots) * lanes; ++i) reinterpret_cast<double*>(m)[i] = 0.0;
    store(at(m, clearway::slot_one), all(1.0));
    int busy = 0;
    for (int l = 0; l < lanes; ++l) busy += fill(l);
    while (busy > 0) {
      for (int l = 0; l < lanes; ++l) choose_step(l);
      double hs[lanes] __attribute__((aligned(64)));
      for (int l = 0; l < lanes; ++l) hs[l] = used[l];
      step(p, m, load(reinterpret_cast<const char*>(hs)), b.any_rate != 0);
      Value mean_square, margin;
      judge(p, m, b.rtol, mean_square, margin);
      // Standard controller of an embedded pair of orders 5(4): factor 0.9*err^(-1/5), err the root of the mean square.
      const Value grow = step_factor(mean_square);
      double err[lanes] __attribute__((aligned(64))), factor[lanes] __attribute__((aligned(64)));
      store(reinterpret_cast<char*>(err), mean_square);
      store(reinterpret_cast<char*>(factor), grow);
      unsigned good = 0;
      for (int l = 0; l < lanes; ++l)
        if (subject[l] >= 0) good |= static_cast<unsigned>(b.fixed_h > 0 ? err[l] * 0.0 == 0.0 : err[l] <= 1.0) << l;
      busy -= refuse(~good & 0xff, err, factor);
      note_negative(good & ~bits(at_least(margin, all(0.0))));
      outputs(good);
      const Mask take = mask_of(good);
      const int states = p.states;
      char *y = at(m, p.y), *y1 = at(m, p.stage_y);
      for (int s = 0; s < states; ++s) store(at(y, s), pick(take, load(at(y1, s)), load(at(y, s))));
      for (int l = 0; l < lanes; ++l)
        if ((good >> l) & 1) busy -= accept(l, factor[l]);
    }
  }

  // The next subject of the queue into lane l; 0 if there is none.
  int fill(int l) {
    for (;;) {
      const long i = __atomic_fetch_add(b.queue, 1L, __ATOMIC_RELAXED);
      if (i >= b.n_run) {
        // An idle lane repeats a harmless problem: zero state, step 1.
        subject[l] = -1;
        for (int s = 0; s < p.slots; ++s) cell(s, l) = 0.0;
        cell(clearway::slot_one, l) = 1.0;
        for (int s = 0; s < p.states; ++s) cell(p.atol + s, l) = 1.0;
        return 0;
      }
      const long s = subject[l] = b.run[i];
      for (int q = 0; q < p.parameters; ++q) cell(p.par_slot[q], l) = b.par[static_cast<long>(q) * b.subjects + s];
      for (int q = 0; q < p.states; ++q) {
        cell(p.y + q, l) = b.y0[static_cast<long>(p.internal[q]) * b.subjects + s];
        cell(p.rates + q, l) = 0.0;
      }
      t[l] = 0.0;
      next_event[l] = b.ev_ptr ? b.ev_ptr[s] : 0;
      last_event[l] = b.ev_ptr ? b.ev_ptr[s + 1] : b.n_events;
      next_out[l] = accepted[l] = refused[l] = 0;
      learned_n[l] = 0;
      negative[l] = false;
      if (!arrive(l, true)) return 1;
    }
  }

  // At a stop: value before, events, value after; the next stop and first step. 1 if the subject is done.
  int arrive(int l, bool start) {
    const double now = t[l];
    const double* out = t_out(l);
    const bool event = next_event[l] < last_event[l] && b.ev_time[next_event[l]] == now;
    if (event && next_out[l] + 1 < b.times && out[next_out[l]] == now && out[next_out[l] + 1] == now) emit(l);
    unsigned long long key = start ? 1ULL << 63 : 0;
    for (; next_event[l] < last_event[l] && b.ev_time[next_event[l]] == now; ++next_event[l]) {
      const long e = next_event[l];
      const double amount = b.ev_amount[b.ev_amount_stride == 1 ? e : e * b.ev_amount_stride + subject[l]];
      const int s = b.ev_state[e];
      if (b.ev_kind[e] == 0) cell(p.y + s, l) += amount;
      else if (b.ev_kind[e] == 1) cell(p.rates + s, l) += amount;
      else cell(p.y + s, l) = amount;
      key |= 1ULL << b.ev_label[e];
    }
    while (next_out[l] < b.times && out[next_out[l]] <= now) emit(l);
    if (now >= b.t_end) {
      finish(l, negative[l] ? clearway::code_negative : clearway::code_ok, negative[l] ? negative_s[l] : -1, negative[l] ? negative_t[l] : now);
      return 1;
    }
    stop[l] = b.t_end;
    if (next_event[l] < last_event[l] && b.ev_time[next_event[l]] < b.t_end) stop[l] = b.ev_time[next_event[l]];
    if (start || event) {
      h[l] = 1e-3;
      for (int i = 0; i < learned_n[l]; ++i)
        if (learned_key[l][i] == key) h[l] = learned_h[l][i];
      fresh[l] = key;
      last_used[l] = 0.0;
      after_reject[l] = false;
    }
    return 0;
  }

  // A step that would nearly reach the stop is split evenly, so that no sliver is left.
  void choose_step(int l) {
    if (subject[l] < 0) {
      used[l] = 1.0;
      return;
    }
    const double left = stop[l] - t[l], want = b.fixed_h > 0 ? b.fixed_h : h[l];
    landing[l] = want >= left * (1.0 - 1e-9);
    used[l] = landing[l] ? left : (b.fixed_h <= 0 && want > 0.5 * left ? 0.5 * left : want);
  }

  int refuse(unsigned bad, const double* err, const double* factor) {
    int ended = 0;
    for (int l = 0; l < lanes; ++l) {
      if (!((bad >> l) & 1) || subject[l] < 0) continue;
      const bool finite = err[l] * 0.0 == 0.0;
      ++refused[l];
      h[l] = used[l] * (finite ? (factor[l] > 0.1 ? factor[l] : 0.1) : 0.1);
      after_reject[l] = true;
      int code = clearway::code_ok;
      if (b.fixed_h > 0 || h[l] < 1e-13 * (t[l] > 1.0 ? t[l] : 1.0)) code = finite ? clearway::code_step_too_small : clearway::code_not_finite;
      else if (accepted[l] + refused[l] >= b.max_steps) code = clearway::code_max_steps;
      if (code != clearway::code_ok) ended += fail(l, code);
    }
    return ended;
  }

  int accept(int l, double factor) {
    ++accepted[l];
    const double ideal = factor;
    if (last_used[l] > 0.0) {
      double trend = used[l] * ideal / (last_used[l] * last_ideal[l]);
      trend = trend > 1.3 ? 1.3 : (trend < 0.8 ? 0.8 : trend);
      factor *= trend;
    }
    last_used[l] = used[l];
    last_ideal[l] = ideal;
    if (after_reject[l] && factor > 1.0) factor = 1.0;
    factor = factor > 8.0 ? 8.0 : (factor < 0.2 ? 0.2 : factor);
    after_reject[l] = false;
    const double grown = used[l] * factor;
    // A step cut short by a stop says little: the controller's own step stands if it was larger.
    h[l] = used[l] < h[l] && grown < h[l] ? h[l] : grown;
    if (fresh[l] != 0) {
      learn(l, fresh[l], used[l] * (factor > 2.0 ? 2.0 : factor));
      fresh[l] = 0;
    }
    if (!landing[l]) {
      t[l] += used[l];
      if (accepted[l] + refused[l] >= b.max_steps) return fail(l, clearway::code_max_steps);
      return 0;
    }
    t[l] = stop[l];
    if (accepted[l] + refused[l] >= b.max_steps && stop[l] < b.t_end) return fail(l, clearway::code_max_steps);
    return arrive(l, false) ? 1 - fill(l) : 0;
  }

  void learn(int l, unsigned long long key, double step) {
    int i = 0;
    while (i < learned_n[l] && learned_key[l][i] != key) ++i;
    if (i == learn_slots) return;
    if (i == learned_n[l]) ++learned_n[l];
    learned_key[l][i] = key;
    learned_h[l][i] = step;
  }

  void note_negative(unsigned low) {
    for (int l = 0; l < lanes; ++l) {
      if (!((low >> l) & 1) || negative[l]) continue;
      negative[l] = true;
      negative_t[l] = t[l] + used[l];
      negative_s[l] = worst(l, false);
    }
  }

  // The state to blame: the first that is not finite, else the one with the largest error (or the most negative).
  int worst(int l, bool error) {
    int who = -1;
    double most = 0.0;
    for (int s = 0; s < p.in_norm; ++s) {
      const double value = cell(p.stage_y + s, l), scale = cell(p.rhs + s, l) * b.rtol + cell(p.atol + s, l);
      if (!(value * 0.0 == 0.0)) return p.internal[s];
      double e = error ? cell(p.increments + s * clearway::stages + 7, l) / scale : -value / scale;
      if (error && e < 0) e = -e;
      if (e > most) {
        most = e;
        who = p.internal[s];
      }
    }
    return who;
  }

  int fail(int l, int code) {
    for (; next_out[l] < b.times; ++next_out[l])
      for (int o = 0; o < p.outputs; ++o) b.values[(subject[l] * b.times + next_out[l]) * p.outputs + o] = __builtin_nan("");
    finish(l, code, worst(l, true), t[l]);
    return 1 - fill(l);
  }

  void finish(int l, int code, int state, double time) {
    const long s = subject[l];
    for (int q = 0; q < p.states; ++q) b.final[s * p.states + p.internal[q]] = cell(p.y + q, l);
    b.code[s] = static_cast<signed char>(code);
    b.steps[s] = accepted[l];
    b.rejected[s] = refused[l];
    b.code_state[s] = state;
    b.code_time[s] = time;
  }

  void emit(int l) {
    double* row = b.values + (subject[l] * b.times + next_out[l]++) * p.outputs;
    const int* c = p.out;
    for (int o = 0; o < p.outputs; ++o) {
      double sum = 0.0;
      for (int n = *c++; n > 0; --n, c += 2)
        sum += cell(p.y + p.out_states[c[0]], l) * reinterpret_cast<const double*>(m + c[1])[l];
      row[o] = sum;
    }
  }

  // Output times within the step just accepted, by the method's own interpolant.
  void outputs(unsigned good) {
    unsigned due = 0;
    for (int l = 0; l < lanes; ++l)
      if ((good >> l) & 1) due |= static_cast<unsigned>(next_out[l] < b.times && (landing[l] ? t_out(l)[next_out[l]] < stop[l] : t_out(l)[next_out[l]] <= t[l] + used[l])) << l;
    if (due == 0) return;
    const int* c = p.out;
    for (int o = 0; o < p.outputs; ++o) {
      Value q[5];
      for (int r = 0; r < 5; ++r) q[r] = all(0.0);
      for (int n = *c++; n > 0; --n, c += 2) {
        const int s = p.out_states[c[0]];
        const Value coef = load(m + c[1]);
        q[0] = fma(coef, load(at(m, p.y + s)), q[0]);
        q[1] = fma(coef, load(at(m, p.stage_y + s)), q[1]);
        for (int r = 0; r < 3; ++r) {
          Value z = all(0.0);
          for (int j = 0; j < clearway::stages; ++j) z = fma(load(at(m, p.increments + s * clearway::stages + j)), all(dense_h[r][j]), z);
          q[2 + r] = fma(coef, z, q[2 + r]);
        }
      }
      double v[5][lanes] __attribute__((aligned(64)));
      for (int r = 0; r < 5; ++r) store(reinterpret_cast<char*>(v[r]), q[r]);
      for (int l = 0; l < lanes; ++l) {
        if (!((due >> l) & 1)) continue;
        const double *out = t_out(l), end = t[l] + used[l], scale = 1.0 / used[l];
        double* row = b.values + subject[l] * b.times * p.outputs + o;
        for (long i = next_out[l]; i < b.times && (landing[l] ? out[i] < stop[l] : out[i] <= end); ++i) {
          const double x = (out[i] - t[l]) * scale, w = 1.0 - x;
          row[i * p.outputs] = w * v[0][l] + x * (v[1][l] + w * (v[2][l] + x * (v[3][l] + x * v[4][l])));
        }
      }
    }
    for (int l = 0; l < lanes; ++l)
      if ((due >> l) & 1)
        while (next_out[l] < b.times && (landing[l] ? t_out(l)[next_out[l]] < stop[l] : t_out(l)[next_out[l]] <= t[l] + used[l])) ++next_out[l];
  }
};
