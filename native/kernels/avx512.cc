#if defined(__x86_64__)
// Standard headers come before the target region: their inline functions must not be compiled for this kernel's CPUs.
#include <algorithm>
#include <bit>
#include <cstring>

#include <immintrin.h>

#include "kernel.h"
#include "target.h"

MEMSCAN_TARGET_BEGIN("avx512f,avx512bw,avx512vl,bmi,bmi2,lzcnt,popcnt")
#include "avx512.h"
#include "class_run.h"
#include "needle.h"
#include "needle_set.h"
#include "pointer.h"
#include "runs.h"
#include "text_reach.h"

namespace memscan {
namespace {

RunCount findRuns(const uint8_t* data, size_t length, const RunSpec& spec, Edge* out) {
  return RunFinder<Avx512>(data, length, spec, out).find();
}

bool supported() {
  return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("bmi2");
}

}  // namespace

extern const Kernel kAvx512;
const Kernel kAvx512 = {"avx512",
                        supported,
                        findRuns,
                        textAfterWith<Avx512>,
                        textBeforeWith<Avx512>,
                        findNeedleWith<Avx512>,
                        findNeedlesWith<Avx512>,
                        findClassRunWith<Avx512>,
                        findPointerWith<Avx512>};

}  // namespace memscan
MEMSCAN_TARGET_END
#endif
