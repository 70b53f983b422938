// The kernel for an NVIDIA GPU, compiled at first use (engine/_cuda.py): one subject a thread. Eight neighbouring threads share a
// workspace, so that the streams' byte offsets are those of a CPU and a warp reads and writes whole pieces of 64 bytes.
#include "program.hpp"

static_assert(sizeof(long) == 8, "the kernel's long is 64 bits");

namespace clearway_cuda {
#include "value_cuda.hpp"
#include "kernel.hpp"
}  // namespace clearway_cuda

extern "C" __global__ void __launch_bounds__(128)
integrate(const __grid_constant__ clearway::Program p, const __grid_constant__ clearway::Batch b, char* memory) {
  const long thread = static_cast<long>(blockIdx.x) * blockDim.x + threadIdx.x;
  const long group = thread / clearway::slot_lanes, lane = thread % clearway::slot_lanes;
  clearway_cuda::integrate(p, b, memory + group * clearway::workspace_bytes(p) + lane * static_cast<long>(sizeof(double)));
}
