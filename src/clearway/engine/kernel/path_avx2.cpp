// The kernel compiled for one kind of processor; see kernel.hpp.
#include <immintrin.h>
#include "program.hpp"

namespace clearway_avx2 {
#include "value_avx2.hpp"
#include "kernel.hpp"
}  // namespace clearway_avx2

namespace clearway {
void integrate_avx2(const Program& p, const Batch& b, char* memory) { clearway_avx2::integrate(p, b, memory); }
}  // namespace clearway
