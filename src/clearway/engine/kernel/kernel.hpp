// One path of the kernel: include after a value header, inside that path's own namespace.
#pragma once

#include "math.hpp"
#include "tableau.hpp"
#include "sites.hpp"
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
