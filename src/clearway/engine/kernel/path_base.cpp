// The kernel compiled for one kind of processor; see kernel.hpp.

#include "program.hpp"

namespace clearway_base {
#include "value_base.hpp"
#include "kernel.hpp"
}  // namespace clearway_base

namespace clearway {
void integrate_base(const Program& p, const Batch& b, char* memory) { clearway_base::integrate(p, b, memory); }
}  // namespace clearway
