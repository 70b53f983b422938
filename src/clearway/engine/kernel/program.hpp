// What a kernel run is given: plain structures without standard types, shared by every translation unit.
#pragma once

namespace clearway {

constexpr int slot_lanes = 8;  // numbers in a slot; how many of them one Driver runs is Value::lanes
constexpr int slot_bytes = 64;
enum Slot : int { slot_zero = 0, slot_one = 1, slot_m = 2 };
enum Code : int { code_ok = 0, code_max_steps = 1, code_step_too_small = 2, code_not_finite = 3, code_bad_parameter = 4, code_negative = 5 };

// One compiled System pattern (see _program.py and _streams.py for the streams' layout). Offsets count slots.
struct Program {
  int states, unknowns, reads, plain, plain_end, in_norm, outputs, residuals, slots, parameters;
  int y, stage_y, increments, stride, residual, rates, atol, linear_coef, forward_coef, backward_coef;
  const int *internal, *par_slot, *conc, *site, *jac, *factor, *linear, *forward, *backward, *leaves, *scale, *out_states, *out;
  int n_out_states;
};

// One batch of subjects. Arrays are C-ordered; `run` lists the subjects to integrate.
struct Batch {
  long subjects, n_run, times;
  const long* run;
  const double *par, *y0;  // (subjects, parameters), (states, subjects) in the System's order
  const double* t_out;     // (times) or (subjects, times)
  long t_out_stride;       // 0 shared, else times
  double t_end, rtol;
  long max_steps, steps_per_event;  // a subject's limit grows with its events
  const long* ev_ptr;  // null: shared
  long n_events;
  const double *ev_time, *ev_amount;
  const int *ev_state, *ev_kind, *ev_label;
  long ev_amount_stride;  // 1: (events) for all; subjects: (events, subjects)
  int any_rate;
  double *values, *final, *code_time;  // (subjects, times, outputs), (subjects, states), (subjects)
  signed char* code;
  long *steps, *rejected;
  int* code_state;
  double fixed_h;  // > 0: constant step without error control, for convergence tests
  long* queue;     // next position in run, shared by all threads
};

// Bytes of working memory that one thread needs; a multiple of 64.
inline long workspace_bytes(const Program& p) { return static_cast<long>(p.slots) * slot_bytes; }

}  // namespace clearway
