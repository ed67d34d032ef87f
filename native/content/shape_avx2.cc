#include "shape_isa.h"

#if defined(__x86_64__)
// Standard headers come before the target region: their inline functions must not be compiled for this CPU alone.
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <immintrin.h>

#include "../kernels/target.h"
#include "hash.h"

MEMSCAN_TARGET_BEGIN("avx2,bmi,bmi2,lzcnt,popcnt")
#include "shape_holes.h"

namespace memscan {
namespace {

struct Avx2 {
  struct Block {
    __m256i low, high;

    uint64_t within(uint8_t first, uint8_t last) const {
      return mask(within(low, first, last), within(high, first, last));
    }
    uint64_t equals(char value) const {
      const __m256i same = _mm256_set1_epi8(value);
      return mask(_mm256_cmpeq_epi8(low, same), _mm256_cmpeq_epi8(high, same));
    }
    Block with(char bits) const {
      const __m256i set = _mm256_set1_epi8(bits);
      return {_mm256_or_si256(low, set), _mm256_or_si256(high, set)};
    }

   private:
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

  static ByteMasks<uint64_t> masksOf64(const uint8_t* text) {
    const Block block = {_mm256_loadu_si256(reinterpret_cast<const __m256i*>(text)),
                         _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text + 32))};
    const Block brackets = block.with(0x20);  // [ and {, ] and } are one bit apart
    const uint64_t colon = block.equals(':');
    const uint64_t dash = block.equals('-');
    return {block.within('0', '9'),
            block.with(0x20).within('a', 'z'),
            block.with(0x20).within('a', 'f'),
            block.equals('"'),
            block.equals('\''),
            block.equals('(') | brackets.equals('{'),
            block.equals(')') | brackets.equals('}'),
            colon,
            block.equals(','),
            block.equals('='),
            block.equals('<'),
            block.equals('>'),
            block.equals(' '),
            block.within('-', '/') | colon | block.equals('+'),
            block.equals('_') | block.equals('%') | block.equals('~') | block.equals('@') | dash};
  }

  template <class Bits>
  static ByteMasks<Bits> masksOf(const uint8_t* text) {
    if constexpr (sizeof(Bits) == 8) {
      return masksOf64(text);
    } else {
      return joined(masksOf64(text), masksOf64(text + 64));
    }
  }

  template <class Bits>
  static size_t keep(uint8_t* out, const uint8_t* text, Bits keep, Bits starts) {
    return keepByWords(out, text, keep, starts, [](uint8_t* to, uint64_t word, uint8_t chosen) {
      const uint64_t packed = _pext_u64(word, spread(chosen));
      std::memcpy(to, &packed, 8);
      return static_cast<size_t>(std::popcount(chosen));
    });
  }
};

}  // namespace

FamilyKey avx2FamilyKey() {
  const bool runs = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("lzcnt");
  return runs ? &KeyMaker<Avx2>::keyOf : nullptr;
}

}  // namespace memscan
MEMSCAN_TARGET_END

#else

namespace memscan {

FamilyKey avx2FamilyKey() { return nullptr; }

}  // namespace memscan
#endif
