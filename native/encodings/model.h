// How much speaks for bytes being text. Nearly any bytes are characters of UTF-16, Latin-1 or GB 18030: what is found
// must be likelier in text than among random bytes. A character of n bytes that has the probability 2^-c in a language
// speaks for text by 8 n - c bits. Random bytes reach a sum of T bits with a probability of 2^-T at most, wherever the
// sum is ended (Ville's inequality), so how often that happens in memory of a size is known beforehand.
//
// What characters cost is in scripts/text-model.mjs.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "codec.h"
#include "tables.h"

namespace memscan {

inline constexpr Score kBit = 16;

/// What it costs to choose one of the languages.
inline constexpr Score kChoiceOfLanguage = 41;

/// What it costs to go over to another language within a string.
inline constexpr Score kChangeOfLanguage = 6 * kBit;

/// What it costs not to, for each character: so that a character's probabilities sum to 1 at most, changes included.
inline constexpr Score kStay = 2;

/// What speaks against a string being in another encoding than ASCII or Unicode's.
inline constexpr Score kOtherEncoding = 8 * kBit;

inline uint8_t classOf(uint32_t codePoint) {
  return tables::data.classRows[tables::data.classRowOf[codePoint >> 6]][codePoint & 63];
}

/// Whether a code point (0 to 0x10ffff) may stand in a string.
inline bool isText(uint32_t codePoint) { return classOf(codePoint) != 0; }

/// Of a character in the language where it is the most common.
Score scoreOf(uint32_t codePoint, uint32_t length);

/// What a string must reach: so that in 1 GiB of random bytes fewer than 20 strings of 10 characters do.
inline Score wantedEvidence(uint32_t minLength) {
  return static_cast<Score>(std::min<uint32_t>(minLength, 16) * (2 * kBit + 10));
}

/// What a character of each class costs within a string of one language.
inline constexpr auto kStayCosts = [] {
  std::array<std::array<int64_t, tables::kLanguages>, tables::kClasses> costs = {};
  for (int cls = 0; cls < tables::kClasses; cls++) {
    for (int language = 0; language < tables::kLanguages; language++) {
      costs[cls][language] = tables::kCosts[language][cls] + kStay;
    }
  }
  return costs;
}();

/// Sums what a string's characters speak for, language by language, along the best choice of languages.
class Evidence {
 public:
  void add(const Character& character);
  int64_t sum() const { return *std::max_element(sums_, sums_ + tables::kLanguages); }

 private:
  int64_t sums_[tables::kLanguages] = {-kChoiceOfLanguage, -kChoiceOfLanguage, -kChoiceOfLanguage,
                                       -kChoiceOfLanguage, -kChoiceOfLanguage, -kChoiceOfLanguage};
};

/// What a string's characters speak for at the least: in one language from begin to end. Quicker, and mostly enough.
class LeastEvidence {
 public:
  void add(const Character& character);
  int64_t sum() const { return *std::max_element(sums_, sums_ + tables::kLanguages) - kChoiceOfLanguage; }

 private:
  int64_t sums_[tables::kLanguages] = {};
};

inline void LeastEvidence::add(const Character& character) {
  const auto& costs = kStayCosts[classOf(character.codePoint)];
  const int64_t most = 8 * kBit * static_cast<int64_t>(character.length);
  for (int language = 0; language < tables::kLanguages; language++) sums_[language] += most - costs[language];
}

}  // namespace memscan
