// A stand-in for a GPU: the kernel's CUDA source (kernel.cu, written by the test) as plain C++. Each CUDA thread is a fibre; the 32
// of a warp run one after another from one __any_sync to the next, the warps in turn. What a processor could still do differently
// is the silicon's: everything else (layout, queue, lanes, refill, events, output) is what a GPU runs.
#include <ucontext.h>

#include <cstring>
#include <vector>

#if !defined(FLUSH_DENORMALS)
#undef __SSE2__  // as on a GPU, which keeps denormal numbers; where it is defined, kernel.hpp flushes them as on a CPU
#endif
#define __CUDACC__
#define __global__
#define __launch_bounds__(threads)
#define __grid_constant__
#define __noinline__ __attribute__((noinline))

namespace {

constexpr int warp_threads = 32;
constexpr std::size_t stack_bytes = 1 << 16;

struct Dimension { unsigned x; } blockIdx, blockDim, threadIdx;

struct Fibre {
  ucontext_t context;
  std::vector<char> stack = std::vector<char>(stack_bytes);
  unsigned block, thread;
  bool vote = false, done = false;
};
struct Warp {
  std::vector<Fibre> fibres = std::vector<Fibre>(warp_threads);
  bool answer = false, done = false;
};

ucontext_t scheduler;
Fibre* current;
Warp* current_warp;

int __any_sync(unsigned, bool vote) {
  current->vote = vote;
  swapcontext(&current->context, &scheduler);
  return current_warp->answer;
}
unsigned long long atomicAdd(unsigned long long* at, unsigned long long by) {
  const unsigned long long before = *at;
  *at += by;
  return before;
}
double __fma_rn(double a, double b, double c) { return __builtin_fma(a, b, c); }
long long __double_as_longlong(double x) { return __builtin_bit_cast(long long, x); }
double __longlong_as_double(long long x) { return __builtin_bit_cast(double, x); }

}  // namespace

#include "kernel.cu"

namespace {
const clearway::Program* the_program;
const clearway::Batch* the_batch;
char* the_memory;

void thread_begins() {
  integrate(*the_program, *the_batch, the_memory);
  current->done = true;
}
}  // namespace

// 0, or 1 if a thread left its warp while others waited for it.
extern "C" int launch(int blocks, int threads, const clearway::Program* p, const clearway::Batch* b, char* memory) {
  the_program = p;
  the_batch = b;
  the_memory = memory;
  blockDim.x = static_cast<unsigned>(threads);
  std::vector<Warp> warps(static_cast<std::size_t>(blocks * threads / warp_threads));
  for (std::size_t w = 0; w < warps.size(); ++w)
    for (int i = 0; i < warp_threads; ++i) {
      Fibre& f = warps[w].fibres[static_cast<std::size_t>(i)];
      const unsigned at = static_cast<unsigned>(w) * warp_threads + static_cast<unsigned>(i);
      f.block = at / blockDim.x;
      f.thread = at % blockDim.x;
      getcontext(&f.context);
      f.context.uc_stack.ss_sp = f.stack.data();
      f.context.uc_stack.ss_size = stack_bytes;
      f.context.uc_link = &scheduler;
      makecontext(&f.context, thread_begins, 0);
    }
  for (std::size_t left = warps.size(); left > 0;)
    for (Warp& warp : warps) {
      if (warp.done) continue;
      current_warp = &warp;
      int done = 0;
      bool any = false;
      for (Fibre& f : warp.fibres) {
        current = &f;
        blockIdx.x = f.block;
        threadIdx.x = f.thread;
        swapcontext(&scheduler, &f.context);
        done += f.done;
        any |= f.vote;
      }
      if (done != 0 && done != warp_threads) return 1;
      warp.answer = any;
      warp.done = done != 0;
      left -= warp.done;
    }
  return 0;
}

extern "C" long size_of_program() { return sizeof(clearway::Program); }
extern "C" long size_of_batch() { return sizeof(clearway::Batch); }
