#if defined(__x86_64__)
// Standard headers come before the target region: their inline functions must not be compiled for this kernel's CPUs.
#include <algorithm>
#include <bit>
#include <cstring>

#include <immintrin.h>

#include "kernel.h"
#include "target.h"

MEMSCAN_TARGET_BEGIN("avx512f,avx512bw,avx512vl,bmi,bmi2,lzcnt,popcnt,avx512vbmi")
#include "avx512.h"
#include "class_run.h"
#include "needle.h"
#include "needle_set.h"
#include "pointer.h"
#include "runs.h"
#include "text_reach.h"

namespace memscan {
namespace {

struct Avx512Vbmi : Avx512 {};

}  // namespace

// One lookup by the byte itself instead of two by its halves. (Measured: 33 GB/s instead of 13 for 32 needles.)
template <>
class GroupLookup<Avx512Vbmi> {
 public:
  GroupLookup() = default;
  explicit GroupLookup(const NeedleSet::Groups& groups) : table_(_mm512_loadu_si512(groups.sixBits)) {}

  __m512i operator()(__m512i vector) const { return _mm512_maskz_permutexvar_epi8(~__mmask64{0}, vector, table_); }

 private:
  __m512i table_;
};

namespace {

RunCount findRuns(const uint8_t* data, size_t length, const RunSpec& spec, Edge* out) {
  return RunFinder<Avx512Vbmi>(data, length, spec, out).find();
}

bool supported() {
  return __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("bmi2");
}

}  // namespace

extern const Kernel kAvx512Vbmi;
const Kernel kAvx512Vbmi = {"avx512vbmi",
                            supported,
                            findRuns,
                            textAfterWith<Avx512Vbmi>,
                            textBeforeWith<Avx512Vbmi>,
                            findNeedleWith<Avx512Vbmi>,
                            findNeedlesWith<Avx512Vbmi>,
                            findClassRunWith<Avx512Vbmi>,
                            findPointerWith<Avx512Vbmi>};

}  // namespace memscan
MEMSCAN_TARGET_END
#endif
