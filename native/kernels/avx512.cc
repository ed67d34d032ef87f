#if defined(__x86_64__)
// Standard headers come before the target region: their inline functions must not be compiled for this kernel's CPUs.
#include <bit>
#include <cstring>

#include <immintrin.h>

#include "kernel.h"
#include "target.h"

MEMSCAN_TARGET_BEGIN("avx512f,avx512bw,avx512vl,bmi,bmi2,lzcnt,popcnt")
#include "needle.h"
#include "runs.h"

namespace memscan {
namespace {

struct Avx512 {
  using Block = __m512i;

  typedef uint64_t Lanes __attribute__((vector_size(64)));

  static Block load(const uint8_t* p) { return _mm512_loadu_si512(p); }
  static Block none() { return _mm512_setzero_si512(); }
  static Block greater(Block a, Block b) { return _mm512_max_epu8(a, b); }
  static uint64_t asciiText(Block block) {
    // Joined while still in mask registers, and stored from there.
    return _kor_mask64(within(block, 0x20, 0x7e), equals(block, '\t'));
  }
  static uint64_t within(Block block, uint8_t first, uint8_t last) {
    const Block fromFirst = _mm512_sub_epi8(block, _mm512_set1_epi8(static_cast<char>(first)));
    return _mm512_cmple_epu8_mask(fromFirst, _mm512_set1_epi8(static_cast<char>(last - first)));
  }
  static uint64_t equals(Block block, uint8_t value) {
    return _mm512_cmpeq_epi8_mask(block, _mm512_set1_epi8(static_cast<char>(value)));
  }
};

RunCount findRuns(const uint8_t* data, size_t length, const RunSpec& spec, Edge* out) {
  return RunFinder<Avx512>(data, length, spec, out).find();
}

bool supported() {
  return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("bmi2");
}

}  // namespace

extern const Kernel kAvx512;
const Kernel kAvx512 = {"avx512", supported, findRuns, findNeedleWith<Avx512>};

}  // namespace memscan
MEMSCAN_TARGET_END
#endif
