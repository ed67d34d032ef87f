#if defined(__x86_64__)
// Standard headers come before the target region: their inline functions must not be compiled for this kernel's CPUs.
#include <algorithm>
#include <bit>
#include <cstring>

#include <immintrin.h>

#include "kernel.h"
#include "target.h"

MEMSCAN_TARGET_BEGIN("avx2,bmi,bmi2,lzcnt,popcnt")
#include "class_run.h"
#include "needle.h"
#include "needle_set.h"
#include "pointer.h"
#include "runs.h"
#include "text_reach.h"

namespace memscan {
namespace {

struct Avx2 {
  struct Vector {
    __m256i low, high;
  };

  typedef uint64_t Lanes __attribute__((vector_size(32)));

  static Vector load(const uint8_t* p) {
    return {_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)),
            _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p + 32))};
  }
  static Vector none() { return {_mm256_setzero_si256(), _mm256_setzero_si256()}; }
  static Vector greater(Vector a, Vector b) { return {_mm256_max_epu8(a.low, b.low), _mm256_max_epu8(a.high, b.high)}; }
  static uint64_t asciiText(Vector vector) {
    const __m256i tab = _mm256_set1_epi8('\t');
    return mask(_mm256_or_si256(within(vector.low, 0x20, 0x7e), _mm256_cmpeq_epi8(vector.low, tab)),
                _mm256_or_si256(within(vector.high, 0x20, 0x7e), _mm256_cmpeq_epi8(vector.high, tab)));
  }
  static uint64_t within(Vector vector, uint8_t first, uint8_t last) {
    return mask(within(vector.low, first, last), within(vector.high, first, last));
  }
  static uint64_t equals(Vector vector, uint8_t value) {
    const __m256i same = _mm256_set1_epi8(static_cast<char>(value));
    return mask(_mm256_cmpeq_epi8(vector.low, same), _mm256_cmpeq_epi8(vector.high, same));
  }
  static Vector with(Vector vector, uint8_t bits) {
    const __m256i set = _mm256_set1_epi8(static_cast<char>(bits));
    return {_mm256_or_si256(vector.low, set), _mm256_or_si256(vector.high, set)};
  }

  using Table = __m256i;

  static Table table(const uint8_t* p) {
    return _mm256_broadcastsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)));
  }
  static Vector lookup(Table table, Vector vector) {
    return {_mm256_shuffle_epi8(table, vector.low), _mm256_shuffle_epi8(table, vector.high)};
  }
  static Vector low(Vector vector) { return both(vector, {_mm256_set1_epi8(0x0f), _mm256_set1_epi8(0x0f)}); }
  static Vector high(Vector vector) {
    return low({_mm256_srli_epi16(vector.low, 4), _mm256_srli_epi16(vector.high, 4)});
  }
  static Vector both(Vector a, Vector b) { return {_mm256_and_si256(a.low, b.low), _mm256_and_si256(a.high, b.high)}; }
  static uint64_t anyBoth(Vector a, Vector b) { return ~equals(both(a, b), 0); }

  static uint64_t wordsIn(Vector vector, uint64_t start, uint64_t size) {
    return wordsIn(vector.low, start, size) | wordsIn(vector.high, start, size) << 4;
  }

 private:
  // AVX2 compares signed words: flip the highest bit of both sides.
  static uint64_t wordsIn(__m256i words, uint64_t start, uint64_t size) {
    constexpr uint64_t kSign = uint64_t{1} << 63;
    const __m256i offset = _mm256_sub_epi64(words, _mm256_set1_epi64x(static_cast<int64_t>(start ^ kSign)));
    const __m256i below = _mm256_cmpgt_epi64(_mm256_set1_epi64x(static_cast<int64_t>(size ^ kSign)), offset);
    return static_cast<uint32_t>(_mm256_movemask_pd(_mm256_castsi256_pd(below)));
  }
  static __m256i within(__m256i bytes, uint8_t first, uint8_t last) {
    const __m256i fromFirst = _mm256_sub_epi8(bytes, _mm256_set1_epi8(static_cast<char>(first)));
    const __m256i most = _mm256_set1_epi8(static_cast<char>(last - first));
    return _mm256_cmpeq_epi8(_mm256_min_epu8(fromFirst, most), fromFirst);
  }
  static uint64_t mask(__m256i low, __m256i high) {
    return static_cast<uint32_t>(_mm256_movemask_epi8(low)) |
           uint64_t{static_cast<uint32_t>(_mm256_movemask_epi8(high))} << 32;
  }
};

RunCount findRuns(const uint8_t* data, size_t length, const RunSpec& spec, Edge* out) {
  return RunFinder<Avx2>(data, length, spec, out).find();
}

bool supported() {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt");
}

}  // namespace

extern const Kernel kAvx2;
const Kernel kAvx2 = {"avx2",
                      supported,
                      findRuns,
                      textAfterWith<Avx2>,
                      textBeforeWith<Avx2>,
                      findNeedleWith<Avx2>,
                      findNeedlesWith<Avx2>,
                      findClassRunWith<Avx2>,
                      findPointerWith<Avx2>};

}  // namespace memscan
MEMSCAN_TARGET_END
#endif
