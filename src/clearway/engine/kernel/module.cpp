// Python's door to the kernel: arrays in, processor path chosen, threads started with the GIL released.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <memory>
#include <new>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "program.hpp"

namespace nb = nanobind;

namespace clearway {
void integrate_base(const Program&, const Batch&, char*);
#if defined(CLEARWAY_X86)
void integrate_avx2(const Program&, const Batch&, char*);
void integrate_avx512(const Program&, const Batch&, char*);
#endif
}  // namespace clearway

namespace {

using Integrate = void (*)(const clearway::Program&, const clearway::Batch&, char*);
static_assert(sizeof(long) == 8, "the kernel's long is 64 bits");

std::vector<std::string> available() {
  std::vector<std::string> paths;
#if defined(CLEARWAY_X86)
  __builtin_cpu_init();
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  if (avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")) paths.push_back("avx512");
  if (avx2) paths.push_back("avx2");
#endif
  paths.push_back("base");
  return paths;
}

Integrate path_of(const std::string& name) {
  for (const std::string& known : available()) {
    if (known != name) continue;
#if defined(CLEARWAY_X86)
    if (name == "avx512") return clearway::integrate_avx512;
    if (name == "avx2") return clearway::integrate_avx2;
#endif
    return clearway::integrate_base;
  }
  throw nb::value_error(("this processor has no path named " + name).c_str());
}

// Arrays by name, kept alive while the kernel runs.
class Arrays {
 public:
  explicit Arrays(nb::dict d) : dict_(d) {}

  template <class T>
  T* get(const char* name, long* size = nullptr) {
    auto a = nb::cast<nb::ndarray<T, nb::c_contig, nb::device::cpu>>(dict_[name], false);
    held_.push_back(nb::cast<nb::object>(dict_[name]));
    if (size) *size = static_cast<long>(a.size());
    return a.data();
  }
  template <class T>
  T number(const char* name) {
    return nb::cast<T>(dict_[name]);
  }

 private:
  nb::dict dict_;
  std::vector<nb::object> held_;
};

struct Free {
  void operator()(char* memory) const { ::operator delete(memory, std::align_val_t(4096)); }
};
using Workspace = std::unique_ptr<char, Free>;

// 64 slots more than needed: the workspaces of two threads never share a cache line or a prefetched page.
Workspace workspace(std::size_t bytes) { return Workspace(static_cast<char*>(::operator new(bytes + 4096, std::align_val_t(4096)))); }

void integrate(nb::dict program, nb::dict batch, const std::string& path, int threads) {
  Arrays pa(program), ba(batch);
  clearway::Program p{};
  long n = 0;
  p.states = pa.number<int>("states");
  p.unknowns = pa.number<int>("unknowns");
  p.in_norm = pa.number<int>("in_norm");
  p.outputs = pa.number<int>("outputs");
  p.slots = pa.number<int>("slots");
  p.y = pa.number<int>("y");
  p.stage_y = pa.number<int>("stage_y");
  p.plain = pa.number<int>("plain");
  p.plain_end = pa.number<int>("plain_end");
  p.increments = pa.number<int>("increments");
  p.stride = pa.number<int>("stride");
  p.atol = pa.number<int>("atol");
  p.rates = pa.number<int>("rates");
  p.reads = pa.number<int>("reads");
  p.residuals = pa.number<int>("residuals");
  p.residual = pa.number<int>("residual");
  p.linear_coef = pa.number<int>("linear_coef");
  p.forward_coef = pa.number<int>("forward_coef");
  p.backward_coef = pa.number<int>("backward_coef");
  p.internal = pa.get<const int>("internal");
  p.par_slot = pa.get<const int>("par_slot", &n);
  p.parameters = static_cast<int>(n);
  p.conc = pa.get<const int>("conc");
  p.site = pa.get<const int>("site");
  p.jac = pa.get<const int>("jac");
  p.factor = pa.get<const int>("factor");
  p.linear = pa.get<const int>("linear");
  p.forward = pa.get<const int>("forward");
  p.backward = pa.get<const int>("backward");
  p.leaves = pa.get<const int>("leaves");
  p.scale = pa.get<const int>("scale");
  p.out_states = pa.get<const int>("out_states", &n);
  p.n_out_states = static_cast<int>(n);
  p.out = pa.get<const int>("out");

  clearway::Batch b{};
  b.subjects = ba.number<long>("subjects");
  b.run = ba.get<const long>("run", &b.n_run);
  b.par = ba.get<const double>("par");
  b.y0 = ba.get<const double>("y0");
  b.t_out = ba.get<const double>("t_out");
  b.times = ba.number<long>("times");
  b.t_out_stride = ba.number<long>("t_out_stride");
  b.t_end = ba.number<double>("t_end");
  b.rtol = ba.number<double>("rtol");
  b.max_steps = ba.number<long>("max_steps");
  b.steps_per_event = ba.number<long>("steps_per_event");
  b.fixed_h = ba.number<double>("fixed_h");
  const long* ptr = ba.get<const long>("ev_ptr", &n);
  b.ev_ptr = n > 0 ? ptr : nullptr;
  b.ev_time = ba.get<const double>("ev_time", &b.n_events);
  b.ev_amount = ba.get<const double>("ev_amount");
  b.ev_state = ba.get<const int>("ev_state");
  b.ev_kind = ba.get<const int>("ev_kind");
  b.ev_label = ba.get<const int>("ev_label");
  b.ev_amount_stride = ba.number<long>("ev_amount_stride");
  b.any_rate = ba.number<int>("any_rate");
  b.values = ba.get<double>("values");
  b.final = ba.get<double>("final");
  b.code = ba.get<signed char>("code");
  b.steps = ba.get<long>("steps");
  b.rejected = ba.get<long>("rejected");
  b.code_state = ba.get<int>("code_state");
  b.code_time = ba.get<double>("code_time");

  const Integrate run = path_of(path);
  long queue = 0;
  b.queue = &queue;
  const std::size_t bytes = static_cast<std::size_t>(clearway::workspace_bytes(p));
  nb::gil_scoped_release release;
  // Before any thread starts, so that a lack of memory is an error and not the end of the process.
  std::vector<Workspace> memory;
  for (int i = 0; i < threads; ++i) memory.emplace_back(workspace(bytes));
  std::vector<std::thread> others;
  others.reserve(memory.size());
  try {
    for (int i = 1; i < threads; ++i) others.emplace_back([&, i] { run(p, b, memory[i].get()); });
  } catch (const std::system_error&) {
    // No more threads to be had: those that run take the whole queue.
  }
  run(p, b, memory[0].get());
  for (std::thread& t : others) t.join();
}

}  // namespace

NB_MODULE(_kernel, m) {
  m.doc() = "The compiled kernel of clearway.engine; use clearway.engine.solve.";
  m.def("available", &available, "Processor paths this machine can run, best first.");
  m.def("integrate", &integrate, nb::arg("program"), nb::arg("batch"), nb::arg("path"), nb::arg("threads"),
        "Run a batch; arrays are checked by the Python side.");
}
