// The kernel compiled for one kind of processor; see kernel.hpp.
#include <immintrin.h>
#include "program.hpp"

namespace clearway_avx512 {
#include "value_avx512.hpp"
#include "kernel.hpp"
}  // namespace clearway_avx512

namespace clearway {
void integrate_avx512(const Program& p, const Batch& b, char* memory) { clearway_avx512::integrate(p, b, memory); }
}  // namespace clearway
