// One path of the kernel: include after a value header, inside that path's own namespace.
#pragma once

#if !defined(__CUDACC__)  // value_cuda.hpp has its own
// Large parts of a step, which a CPU's compiler may inline and a GPU's must not: its cache of instructions is small.
#define CLEARWAY_PART static inline
static inline long next_in(long* queue) { return __atomic_fetch_add(queue, 1L, __ATOMIC_RELAXED); }
static inline bool any(unsigned busy) { return busy != 0; }
static inline double not_a_number() { return __builtin_nan(""); }
#endif

// Addresses by slot.
static inline long bytes(int slots) { return static_cast<long>(slots) * clearway::slot_bytes; }
static inline char* at(char* m, int slot) { return m + bytes(slot); }
static inline const char* at(const char* m, int slot) { return m + bytes(slot); }

#include "math.hpp"
#include "tableau.hpp"
#include "sites.hpp"
#include "leaves.hpp"
#include "solve.hpp"
#include "step.hpp"
#include "lanes.hpp"

static void integrate(const clearway::Program& p, const clearway::Batch& b, char* memory) {
#if defined(__SSE2__)
  // Emptied depots decay into denormal numbers, which cost a hundred times a normal operation: flush them to zero.
  const unsigned control = __builtin_ia32_stmxcsr();
  __builtin_ia32_ldmxcsr(control | 0x8040u);
#endif
  Driver driver(p, b, memory);
  driver.run();
#if defined(__SSE2__)
  __builtin_ia32_ldmxcsr(control);
#endif
}
