// The vector interface in the part of AVX-512 that all CPUs with AVX-512 have. Include it inside a target region.
#pragma once

#include "kernel.h"

namespace memscan {
namespace {

struct Avx512 {
  using Vector = __m512i;

  typedef uint64_t Lanes __attribute__((vector_size(64)));

  static Vector load(const uint8_t* p) { return _mm512_loadu_si512(p); }
  static Vector none() { return _mm512_setzero_si512(); }
  static Vector greater(Vector a, Vector b) { return _mm512_max_epu8(a, b); }
  static uint64_t asciiText(Vector vector) {
    // Joins the masks while they are in mask registers.
    return _kor_mask64(within(vector, 0x20, 0x7e), equals(vector, '\t'));
  }
  static uint64_t within(Vector vector, uint8_t first, uint8_t last) {
    const Vector fromFirst = _mm512_sub_epi8(vector, _mm512_set1_epi8(static_cast<char>(first)));
    return _mm512_cmple_epu8_mask(fromFirst, _mm512_set1_epi8(static_cast<char>(last - first)));
  }
  static uint64_t equals(Vector vector, uint8_t value) {
    return _mm512_cmpeq_epi8_mask(vector, _mm512_set1_epi8(static_cast<char>(value)));
  }
  static Vector with(Vector vector, uint8_t bits) {
    return _mm512_or_si512(vector, _mm512_set1_epi8(static_cast<char>(bits)));
  }

  using Table = Vector;

  static Table table(const uint8_t* p) {
    // GCC 12 warns about uninitialized reads in the intrinsic without a mask.
    return _mm512_maskz_broadcast_i32x4(0xffff, _mm_loadu_si128(reinterpret_cast<const __m128i*>(p)));
  }
  static Vector lookup(Table table, Vector vector) { return _mm512_shuffle_epi8(table, vector); }
  static Vector low(Vector vector) { return _mm512_and_si512(vector, _mm512_set1_epi8(0x0f)); }
  static Vector high(Vector vector) { return low(_mm512_srli_epi16(vector, 4)); }
  static Vector both(Vector a, Vector b) { return _mm512_and_si512(a, b); }
  static uint64_t anyBoth(Vector a, Vector b) { return _mm512_test_epi8_mask(a, b); }

  static uint64_t wordsIn(Vector vector, uint64_t start, uint64_t size) {
    const Vector offset = _mm512_sub_epi64(vector, _mm512_set1_epi64(static_cast<int64_t>(start)));
    return _mm512_cmplt_epu64_mask(offset, _mm512_set1_epi64(static_cast<int64_t>(size)));
  }
};

}  // namespace
}  // namespace memscan
