// Fluxes at interaction sites and, with `derivatives`, everything the Jacobian needs of them. Equations: system.py.
#pragma once

static inline void concentrations(const clearway::Program& p, char* m, bool derivatives) {
  const int* c = p.conc;
  for (int left = *c++; left > 0; --left) {
    Value sum = all(0.0);
    for (int n = *c++; n > 0; --n, c += 2) sum = fma(load(m + c[0]), load(m + c[1]), sum);
    // A path's own concentration keeps its sign: the flux then has no kink at zero, about which steps would chatter.
    const bool keeps_sign = c[1] < 0;
    store(m + c[0], keeps_sign ? sum : larger(sum, all(0.0)));
    if (derivatives && !keeps_sign) store(m + c[1], pick(at_least(sum, all(0.0)), all(1.0), all(0.0)));
    c += 2;
  }
}

// S or U: sum of Cp/K over all participants of a site. [count, (C, mask, 1/K, derivative)*, slot]
template <bool derivatives>
static inline const int* site_sum(const int* c, char* m) {
  int n = *c++;
  if (n == 0) return c;
  Value sum = all(0.0);
  for (; n > 0; --n, c += 4) {
    const Value k = load(m + c[2]);
    sum = fma(load(m + c[0]), k, sum);
    if (derivatives) store(m + c[3], load(m + c[1]) * k);
  }
  store(m + *c++, sum);
  return c;
}

// What others add to N (or M): the site's sum without the path's own group. The place of the derivatives is kept for later.
struct Competition {
  const int* own;
  int count, by_sum;
};

static inline const int* competition(const int* c, const char* m, Value& total, Competition& out) {
  out.count = -1;
  const int slot = *c++;
  if (slot < 0) return c;
  Value others = load(m + slot);
  out.by_sum = *c++;
  out.count = *c++;
  out.own = c;
  for (int i = 0; i < out.count; ++i, c += 4) others = fnma(load(m + c[0]), load(m + c[2]), others);
  total = total + others;
  return c;
}

static inline void competition_derivatives(const Competition& k, char* m, Value by_total) {
  if (k.count < 0) return;
  store(m + k.by_sum, by_total);
  const int* c = k.own;
  for (int i = 0; i < k.count; ++i, c += 4) store(m + c[3], fnma(by_total * load(m + c[2]), load(m + c[1]), all(0.0)));
}

// One substrate path: v = clint*A*C/(N + C*M/Km).
template <bool derivatives>
static inline const int* path(const int* c, char* m, char* g_out) {
  const Value conc = load(m + c[0]), mask = load(m + c[1]), activity = load(m + c[2]), clint = load(m + c[3]);
  const int km = c[4];
  c += 5;
  Value n = all(1.0), mm = all(1.0);
  Competition by_n, by_m;
  c = competition(c, m, n, by_n);
  c = competition(c, m, mm, by_m);
  const int others = *c++;
  const int* other = c;
  for (int i = 0; i < others; ++i, c += 4) n = fma(load(m + c[0]), load(m + c[2]), n);
  const bool saturable = km >= 0;
  Value x = all(0.0), d = n;
  if (saturable) {
    x = larger(conc, all(0.0)) * load(m + km);
    d = fma(x, mm, n);
  }
  const bool constant = !saturable && by_n.count < 0 && others == 0;
  const Value r = constant ? all(1.0) : reciprocal(d);
  const Value base = clint * r, g = base * activity, v = g * conc;
  const int by_conc = c[1], by_activity = c[2], by_others = c[3], tangent = c[4], residual = c[5];
  if (derivatives) {
    store(m + c[0], v);
    const Value slope = (saturable ? g * n * r : g) * mask, by_total = fnma(v, r, all(0.0));
    store(m + by_conc, slope);
    Value constant_part = slope * conc - v;
    if (by_activity >= 0) {
      store(m + by_activity, base * conc);
      constant_part = fma(base * conc, activity, constant_part);
    }
    competition_derivatives(by_n, m, by_total);
    competition_derivatives(by_m, m, by_total * x);
    for (int i = 0; i < others; ++i, other += 4) store(m + other[3], by_total * load(m + other[2]) * load(m + other[1]));
    if (by_others >= 0) {
      store(m + by_others, by_total);
      constant_part = fma(by_total, n, constant_part);
    }
    if (by_m.count >= 0) constant_part = fma(by_total * x, mm, constant_part);
    if (tangent >= 0) store(m + tangent, constant_part);
  } else if (residual >= 0) {
    Value bend = fnma(load(m + by_conc), conc, v + load(m + tangent));
    if (by_activity >= 0) bend = fnma(load(m + by_activity), activity, bend);
    if (by_others >= 0) bend = fnma(load(m + by_others), n, bend);
    if (by_m.count >= 0) bend = fnma(load(m + by_m.by_sum), mm, bend);
    store(g_out + residual, bend);
  }
  return c + 6;
}

// du/dC of u = (C/ec50)^hill: hill*u/C; at C = 0 it is 0 (hill > 1) or infinite (hill < 1): there 0 is used.
static inline Value induction_slope(const int* c, const char* m, Value u) {
  return c[4] < 0 ? load(m + c[3]) : load(m + c[4]) * u * reciprocal(larger(load(m + c[0]), all(1e-300)));
}

// Change of an enzyme's activity: kdeg*(1 + ind) - A*(kdeg + inactivation). Inducers share the ceiling of the strongest:
// r = emax/ceiling, x = r*u/(1 + (1 - r)*u), ind = ceiling*sum(x)/(1 + sum(x)); one alone gives emax*u/(1 + u).
template <bool derivatives>
static inline const int* activity_change(const int* c, char* m, char* g_out) {
  const Value a = load(m + c[0]), kdeg = load(m + c[1]);
  const int inducers = c[2];
  c += 3;
  const int* first = c;
  Value ind = all(0.0), linear = all(0.0);
  if (inducers == 1) {
    Value u = load(m + c[0]) * load(m + c[3]);
    if (c[4] >= 0) u = power(u, load(m + c[4]));
    const Value share = reciprocal(all(1.0) + u), top = load(m + c[2]) * share;
    ind = top * u;
    if (derivatives) store(m + c[5], kdeg * top * share * induction_slope(c, m, u) * load(m + c[1]));
    linear = load(m + c[5]) * load(m + c[0]);
    c += 7;
  } else if (inducers > 1) {
    Value ceiling = load(m + c[2]), total = all(0.0);
    for (int i = 1; i < inducers; ++i) ceiling = larger(ceiling, load(m + c[2 + 7 * i]));
    const Value per_ceiling = reciprocal(pick(at_least(magnitude(ceiling), all(1e-300)), ceiling, all(1.0)));
    for (int i = 0; i < inducers; ++i, c += 7) {
      Value u = load(m + c[0]) * load(m + c[3]);
      if (c[4] >= 0) u = power(u, load(m + c[4]));
      store(m + c[6], u);
      const Value r = load(m + c[2]) * per_ceiling;
      total = fma(r * u, reciprocal(fma(all(1.0) - r, u, all(1.0))), total);
    }
    const Value share = reciprocal(all(1.0) + total);
    ind = ceiling * total * share;
    if (derivatives) {
      c = first;
      for (int i = 0; i < inducers; ++i, c += 7) {
        const Value u = load(m + c[6]), r = load(m + c[2]) * per_ceiling, w = reciprocal(fma(all(1.0) - r, u, all(1.0)));
        store(m + c[5], kdeg * ceiling * share * share * r * w * w * induction_slope(c, m, u) * load(m + c[1]));
      }
    }
    c = first;
    for (int i = 0; i < inducers; ++i, c += 7) linear = fma(load(m + c[5]), load(m + c[0]), linear);
  }
  Value loss = kdeg;
  const int killers = *c++;
  for (int i = 0; i < killers; ++i, c += 5) {
    const Value conc = load(m + c[0]), kinact = load(m + c[2]), ki = load(m + c[3]), r = reciprocal(ki + conc);
    const Value rate = kinact * r;
    loss = fma(rate, conc, loss);
    if (derivatives) store(m + c[4], fnma(a * rate * ki, r * load(m + c[1]), all(0.0)));
    linear = fma(load(m + c[4]), conc, linear);
  }
  const Value v = fnma(a, loss, fma(kdeg, ind, kdeg));
  if (derivatives) {
    store(m + c[0], v);
    store(m + c[1], all(0.0) - loss);
    if (c[2] >= 0) store(m + c[2], fnma(loss, a, linear) - v);
  } else if (c[3] >= 0) {
    store(g_out + c[3], fnma(load(m + c[1]), a, v + load(m + c[2])) - linear);
  }
  return c + 4;
}

// With derivatives: fluxes, their derivatives and tangents at y. Without: how far each flux is from its tangent, to g_out.
template <bool derivatives>
CLEARWAY_PART void sites(const clearway::Program& p, char* m, char* g_out) {
  concentrations(p, m, derivatives);
  const int* c = p.site;
  for (int left = *c++; left > 0; --left) {
    c = site_sum<derivatives>(c, m);
    c = site_sum<derivatives>(c, m);
    for (int paths = *c++; paths > 0; --paths) c = path<derivatives>(c, m, g_out);
    if (*c++) c = activity_change<derivatives>(c, m, g_out);
  }
}
