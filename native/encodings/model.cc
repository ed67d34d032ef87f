#include "model.h"

namespace memscan {

Score scoreOf(uint32_t codePoint, uint32_t length) {
  const uint8_t cls = classOf(codePoint);
  Score least = tables::kCosts[0][cls];
  for (int language = 1; language < tables::kLanguages; language++)
    least = std::min<Score>(least, tables::kCosts[language][cls]);
  return static_cast<Score>(8 * kBit * length) - least;
}

void Evidence::add(const Character& character) {
  const uint8_t cls = classOf(character.codePoint);
  const int64_t changed = sum() - kChangeOfLanguage;
  for (int language = 0; language < tables::kLanguages; language++) {
    sums_[language] =
        std::max(sums_[language] - kStay, changed) + 8 * kBit * character.length - tables::kCosts[language][cls];
  }
}

}  // namespace memscan
