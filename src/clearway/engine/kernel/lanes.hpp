// The driver: lanes (eight on a CPU, one in a thread of a GPU), each with its own subject, time, step size and events, refilled
// from a shared queue.
// Lanes meet in no operation, so a subject's result does not depend on its company.
#pragma once

struct Driver {
  static constexpr int lanes = Value::lanes, learn_slots = 24;
  const clearway::Program& p;
  const clearway::Batch& b;
  char* m;

  Driver(const clearway::Program& program, const clearway::Batch& batch, char* memory) : p(program), b(batch), m(memory) {}

  // One number for each lane, handled all at once; next_time is the next output's time (infinite after the last one).
  struct alignas(sizeof(double) * lanes) Row {
    double v[lanes] = {};
    double& operator[](int l) { return v[l]; }
    double operator[](int l) const { return v[l]; }
    Value get() const { return load(reinterpret_cast<const char*>(v)); }
    void set(Value x) { store(reinterpret_cast<char*>(v), x); }
  };
  Row t, h, used, stop, last_used, last_ideal, next_time, accepted, refused, most_steps;
  // Sets of lanes, one bit for each: with a subject, last step refused, step ends at the stop, first step after an event.
  unsigned busy = 0, after_reject = 0, landing = 0, fresh = 0;
  double learned_h[lanes][learn_slots];
  unsigned long long learned_key[lanes][learn_slots], fresh_key[lanes];
  int learned_n[lanes];
  long subject[lanes], next_event[lanes], last_event[lanes], next_out[lanes];
  bool negative[lanes];
  double negative_t[lanes];
  int negative_s[lanes];

  double& cell(int slot, int lane) { return reinterpret_cast<double*>(m)[static_cast<long>(slot) * clearway::slot_lanes + lane]; }
  const double* t_out(int l) const { return b.t_out + subject[l] * b.t_out_stride; }

  void run() {
    for (int s = 0; s < p.slots; ++s) store(at(m, s), all(0.0));
    store(at(m, clearway::slot_one), all(1.0));
    for (int l = 0; l < lanes; ++l) fill(l);
    while (any(busy)) {
      choose_steps();
      step(p, m, used.get());
      Value mean_square, margin;
      judge(p, m, b.rtol, mean_square, margin);
      // Standard controller of an embedded pair of orders 5(4): factor 0.9*err^(-1/5), err the root of the mean square.
      const Value factor = step_factor(mean_square);
      const Value limit = all(b.fixed_h > 0 ? 1.7976931348623157e308 : 1.0);  // a fixed step is good if it is finite
      const unsigned good = busy & bits(at_least(limit, mean_square)), bad = busy & ~good;
      if (bad != 0) refuse(bad, mean_square, factor);
      const unsigned low = good & ~bits(at_least(margin, all(0.0)));
      if (low != 0) note_negative(low);
      outputs(good);
      const Mask take = mask_of(good);
      const int states = p.states;
      char *y = at(m, p.y), *y1 = at(m, p.stage_y);
      for (int s = 0; s < states; ++s) store(at(y, s), pick(take, load(at(y1, s)), load(at(y, s))));
      accept(good, factor);
    }
  }

  // The next subject of the queue into lane l, if there is one.
  void fill(int l) {
    for (;;) {
      const long i = next_in(b.queue);
      if (i >= b.n_run) {
        // An idle lane repeats a harmless problem: zero state, step 1.
        busy &= ~(1u << l);
        t[l] = 0.0;
        h[l] = 1.0;
        stop[l] = 1e300;
        accepted[l] = refused[l] = last_used[l] = 0.0;
        for (int s = 0; s < p.slots; ++s) cell(s, l) = 0.0;
        cell(clearway::slot_one, l) = 1.0;
        for (int s = 0; s < p.states; ++s) cell(p.atol + s, l) = 1.0;
        return;
      }
      busy |= 1u << l;
      const long s = subject[l] = b.run[i];
      for (int q = 0; q < p.parameters; ++q) cell(p.par_slot[q], l) = b.par[s * p.parameters + q];
      for (int q = 0; q < p.states; ++q) {
        cell(p.y + q, l) = b.y0[static_cast<long>(p.internal[q]) * b.subjects + s];
        cell(p.rates + q, l) = 0.0;
      }
      t[l] = 0.0;
      next_event[l] = b.ev_ptr ? b.ev_ptr[s] : 0;
      last_event[l] = b.ev_ptr ? b.ev_ptr[s + 1] : b.n_events;
      most_steps[l] = static_cast<double>(b.max_steps + b.steps_per_event * (last_event[l] - next_event[l]));
      next_out[l] = 0;
      accepted[l] = refused[l] = 0.0;
      learned_n[l] = 0;
      negative[l] = false;
      if (!arrive(l, true)) return;
    }
  }

  // At a stop: value before, events, value after; the next stop and first step. True if the subject is done.
  bool arrive(int l, bool start) {
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
      // More taken out than was there: seen here, for no step may follow.
      if (b.ev_kind[e] != 1 && cell(p.y + s, l) < below_zero(b.rtol) * (b.rtol * (amount < 0 ? amount : 0.0) - cell(p.atol + s, l)))
        note_negative(l, now, p.internal[s]);
      key |= 1ULL << b.ev_label[e];
    }
    while (next_out[l] < b.times && out[next_out[l]] <= now) emit(l);
    if (now >= b.t_end) {
      finish(l, negative[l] ? clearway::code_negative : clearway::code_ok, negative[l] ? negative_s[l] : -1, negative[l] ? negative_t[l] : now);
      return true;
    }
    look_ahead(l);
    stop[l] = b.t_end;
    if (next_event[l] < last_event[l] && b.ev_time[next_event[l]] < b.t_end) stop[l] = b.ev_time[next_event[l]];
    if (start || event) {
      h[l] = 1e-3;
      for (int i = 0; i < learned_n[l]; ++i)
        if (learned_key[l][i] == key) h[l] = learned_h[l][i];
      fresh_key[l] = key;
      fresh |= 1u << l;
      last_used[l] = 0.0;
      after_reject &= ~(1u << l);
    }
    return false;
  }

  void look_ahead(int l) { next_time[l] = next_out[l] < b.times ? t_out(l)[next_out[l]] : 1e300; }

  // A step that would nearly reach the stop is split evenly, so that no sliver is left.
  void choose_steps() {
    const Value left = stop.get() - t.get();
    if (b.fixed_h > 0) h.set(all(b.fixed_h));
    const Value want = h.get(), half = left * all(0.5);
    const Mask lands = at_least(want, left * all(1.0 - 1e-9));
    landing = bits(lands);
    used.set(pick(lands, left, b.fixed_h > 0 ? want : smaller(want, half)));
  }

  void refuse(unsigned bad, Value mean_square, Value grow) {
    Row err, factor;
    err.set(mean_square);
    factor.set(grow);
    for (int l = 0; l < lanes; ++l) {
      if (!((bad >> l) & 1)) continue;
      const bool finite = err[l] * 0.0 == 0.0;
      refused[l] += 1.0;
      h[l] = used[l] * (finite ? (factor[l] > 0.1 ? factor[l] : 0.1) : 0.1);
      after_reject |= 1u << l;
      int code = clearway::code_ok;
      if (b.fixed_h > 0 || h[l] < 1e-13 * (t[l] > 1.0 ? t[l] : 1.0)) code = finite ? clearway::code_step_too_small : clearway::code_not_finite;
      else if (accepted[l] + refused[l] >= most_steps[l]) code = clearway::code_max_steps;
      if (code != clearway::code_ok) fail(l, code);
    }
  }

  void accept(unsigned good, Value factor) {
    const Mask take = mask_of(good);
    const Value step = used.get(), h0 = h.get(), last = last_used.get(), ideal = factor;
    // The trend of the ideal step goes on, within bounds.
    Value trend = step * ideal * rough_reciprocal(last * last_ideal.get());
    trend = larger(smaller(trend, all(1.3)), all(0.8));
    factor = pick(at_least(all(0.0), last), factor, factor * trend);
    factor = pick(mask_of(after_reject), smaller(factor, all(1.0)), factor);
    factor = larger(smaller(factor, all(8.0)), all(0.2));
    last_used.set(pick(take, step, last));
    last_ideal.set(pick(take, ideal, last_ideal.get()));
    after_reject &= ~good;
    // A step cut short by a stop says little: the controller's own step stands if it was larger.
    const Value grown = step * factor;
    h.set(pick(take, pick(at_least(step, h0), grown, larger(grown, h0)), h0));
    const Value count = accepted.get() + pick(take, all(1.0), all(0.0));
    accepted.set(count);
    t.set(pick(take, pick(mask_of(landing), stop.get(), t.get() + step), t.get()));
    const unsigned full = good & bits(at_least(count + refused.get(), most_steps.get()));
    const unsigned first = good & fresh, todo = first | full | (good & landing);
    if (todo == 0) return;
    Row first_step;
    first_step.set(step * factor);
    fresh &= ~first;
    for (int l = 0; l < lanes; ++l) {
      const unsigned bit = 1u << l;
      if (!(todo & bit)) continue;
      if (first & bit) learn(l, fresh_key[l], first_step[l]);
      const bool lands = (landing & bit) != 0;
      if ((full & bit) && !(lands && stop[l] >= b.t_end)) fail(l, clearway::code_max_steps);
      else if (lands && arrive(l, false)) fill(l);
    }
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
    for (int l = 0; l < lanes; ++l)
      if ((low >> l) & 1) note_negative(l, t[l] + used[l], negative[l] ? -1 : worst(l, false));
  }

  // The first time counts.
  void note_negative(int l, double time, int state) {
    if (negative[l]) return;
    negative[l] = true;
    negative_t[l] = time;
    negative_s[l] = state;
  }

  // The state to blame: the first that is not finite, else the one with the largest error (or the most negative).
  int worst(int l, bool error) {
    int who = -1;
    double most = 0.0;
    for (int s = 0; s < p.in_norm; ++s) {
      const double value = cell(p.stage_y + s, l);
      if (!(value * 0.0 == 0.0)) return p.internal[s];
      double e = -value, size = value < 0 ? -value : value;
      if (error) {
        e = 0.0;
        for (int j = 0; j < n_stages; ++j) e += defect[j] * cell(p.increments + (j + 1) * p.stride + s, l);
        if (e < 0) e = -e;
      }
      e /= size * b.rtol + cell(p.atol + s, l);
      if (e > most) {
        most = e;
        who = p.internal[s];
      }
    }
    return who;
  }

  void fail(int l, int code) {
    for (; next_out[l] < b.times; ++next_out[l])
      for (int o = 0; o < p.outputs; ++o) b.values[(subject[l] * b.times + next_out[l]) * p.outputs + o] = not_a_number();
    finish(l, code, worst(l, true), t[l]);
    fill(l);
  }

  void finish(int l, int code, int state, double time) {
    const long s = subject[l];
    for (int q = 0; q < p.states; ++q) b.final[s * p.states + p.internal[q]] = cell(p.y + q, l);
    b.code[s] = static_cast<signed char>(code);
    b.steps[s] = static_cast<long>(accepted[l]);
    b.rejected[s] = static_cast<long>(refused[l]);
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

  // Output times within the step just accepted, by the method's own interpolant: first which, round by round of at most one
  // a lane, then output by output.
  void outputs(unsigned good) {
    const Value from = t.get(), end = from + used.get();
    const unsigned inside = good & ~landing, before = good & landing;
    const auto due_now = [&] {
      const Value next = next_time.get();
      return (inside & bits(at_least(end, next))) | (before & ~bits(at_least(next, stop.get())));
    };
    unsigned due = due_now();
    if (due == 0) return;
    const Value scale = reciprocal(used.get());
    constexpr int most = 8;
    Value x[most];
    double *to[most][lanes], nowhere[lanes];
    while (due != 0) {
      int rounds = 0;
      for (; due != 0 && rounds < most; ++rounds, due = due_now()) {
        x[rounds] = (next_time.get() - from) * scale;
        for (int l = 0; l < lanes; ++l) {
          const long i = next_out[l];
          const bool mine = (due >> l) & 1;
          to[rounds][l] = mine ? b.values + (subject[l] * b.times + i) * p.outputs : nullptr;
          if (!mine) continue;
          next_out[l] = i + 1;
          look_ahead(l);
        }
      }
      interpolate(rounds, x, to, nowhere);
    }
  }

  void interpolate(int rounds, const Value* x, double* const (*to)[lanes], double* nowhere) {
    const int* c = p.out;
    for (int o = 0; o < p.outputs; ++o) {
      Value q[2 + n_dense];
      for (int r = 0; r < 2 + n_dense; ++r) q[r] = all(0.0);
      for (int n = *c++; n > 0; --n, c += 2) {
        const int s = p.out_states[c[0]];
        const Value coef = load(m + c[1]);
        q[0] = fma(coef, load(at(m, p.y + s)), q[0]);
        q[1] = fma(coef, load(at(m, p.stage_y + s)), q[1]);
        Value z[n_dense];
        for (int r = 0; r < n_dense; ++r) z[r] = all(0.0);
        for (int j = 0; j < n_stages; ++j)
          for (int r = 0; r < n_dense; ++r)
            if (dense[r][j] != 0) z[r] = fma(load(at(m, p.increments + (j + 1) * p.stride + s)), all(dense[r][j]), z[r]);
        for (int r = 0; r < n_dense; ++r) q[2 + r] = fma(coef, z[r], q[2 + r]);
      }
      for (int i = 0; i < rounds; ++i) {
        const Value u = x[i], w = all(1.0) - u;
        Value z = q[1 + n_dense];
        for (int r = n_dense; r > 1; --r) z = fma(u, z, q[r]);
        Row v;
        v.set(fma(w, q[0], u * fma(w, z, q[1])));
        for (int l = 0; l < lanes; ++l) *(to[i][l] ? to[i][l] + o : nowhere + l) = v[l];
      }
    }
  }
};
