#include "needles.h"

#include <set>
#include <utility>

#include "codec.h"

namespace memscan {

namespace {

using Bytes = std::vector<uint8_t>;

/// The most byte sequences for one needle in one encoding: some characters have several.
constexpr size_t kMostForms = 64;
constexpr size_t kMostNeedles = 10'000;

std::vector<uint32_t> codePointsOf(Bytes utf8) {
  utf8.resize(utf8.size() + 4);
  std::vector<uint32_t> codePoints;
  for (size_t i = 0; i + 4 < utf8.size();) {
    const Character character = wellFormedAt(utf8.data() + i);
    if (!character.length) return {};
    codePoints.push_back(character.codePoint);
    i += character.length;
  }
  return codePoints;
}

// Returns nothing if there are too many forms.
std::optional<std::vector<Bytes>> formsOf(const std::vector<uint32_t>& codePoints, Encoding encoding) {
  std::vector<Bytes> forms(1);
  for (const uint32_t codePoint : codePoints) {
    std::vector<Bytes> longer;
    for (const Bytes& bytes : Codec::of(encoding).bytesOf(codePoint)) {
      for (const Bytes& form : forms) {
        longer.push_back(form);
        longer.back().insert(longer.back().end(), bytes.begin(), bytes.end());
      }
    }
    if (longer.size() > kMostForms) return std::nullopt;
    forms = std::move(longer);
  }
  return forms;
}

}  // namespace

std::optional<Condition> conditionInMemory(const std::vector<Needle>& needles, const Mix& mix) {
  std::set<std::pair<Bytes, bool>> found;
  for (const Needle& needle : needles) {
    const bool ignoreCase = !needle.folds.empty();
    const std::vector<uint32_t> codePoints = codePointsOf(needle.bytes);
    if (codePoints.empty()) return std::nullopt;
    found.emplace(needle.bytes, ignoreCase);  // as a plain string
    for (const Encoding encoding : mix.encodings()) {
      if (encoding == Encoding::ascii || encoding == Encoding::utf8) continue;
      const auto forms = formsOf(codePoints, encoding);
      if (!forms) return std::nullopt;
      for (const Bytes& form : *forms) found.emplace(form, ignoreCase);
    }
    if (found.size() > kMostNeedles) return std::nullopt;
  }
  std::vector<Needle> all;
  for (const auto& [bytes, ignoreCase] : found) all.emplace_back(bytes, ignoreCase);
  return anyOf(std::move(all));
}

}  // namespace memscan
