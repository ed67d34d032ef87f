// Several encodings at once, and where memory may be cut without cutting a string in any of them.
#pragma once

#include <optional>
#include <type_traits>
#include <vector>

#include "byte_chains.h"
#include "utf16_chains.h"

namespace memscan {

/// The encodings of a scan that finds more than ASCII or UTF-8.
class Mix {
 public:
  /// `encodings` are in order and distinct. `minLength` is in characters.
  Mix(std::vector<Encoding> encodings, uint32_t minLength);

  uint32_t minLength() const { return minLength_; }

  /// The encoding whose strings are maximal runs and need no evidence: UTF-8, or the ASCII that nearly all encodings
  /// include. Nothing if all are UTF-16.
  std::optional<Encoding> plain() const { return plain_; }

  /// The encoding to report for a plain string.
  Encoding nameOfPlain(bool isAscii) const { return isAscii ? nameOfAscii_ : *plain_; }

  Score wanted() const { return wantedEvidence(minLength_); }

  /// Calls `use` with a chain finder for each of the other encodings.
  template <class Visitor, class Use>
  void eachFinder(const Stretch& stretch, Visitor& visitor, Use use) const;

  const std::vector<Encoding>& encodings() const { return encodings_; }

  /// Returns the first or the last position in [begin, end] that no string crosses, whatever precedes and follows: each
  /// side can be scanned separately. Returns nullptr if there is none. Stretch explains `limit` and `open`.
  const uint8_t* firstCut(const Stretch& stretch) const;
  const uint8_t* lastCut(const Stretch& stretch) const;

 private:
  const std::vector<Encoding> encodings_;
  const uint32_t minLength_;
  std::optional<Encoding> plain_;
  Encoding nameOfAscii_ = Encoding::ascii;
};

template <class Visitor, class Use>
void Mix::eachFinder(const Stretch& stretch, Visitor& visitor, Use use) const {
  const Score fall = std::min(kFall, wanted());
  const auto run = [&]<Encoding kEncoding>() {
    using Finder = std::conditional_t<isUtf16(kEncoding), Utf16ChainFinder<kEncoding, Visitor>,
                                      ByteChainFinder<kEncoding, Visitor>>;
    visitor.setEncoding(kEncoding);
    Finder finder(stretch, fall, visitor);
    use(finder);
  };
  for (const Encoding encoding : encodings_) {
    switch (encoding) {
      case Encoding::utf16le:
        run.template operator()<Encoding::utf16le>();
        break;
      case Encoding::utf16be:
        run.template operator()<Encoding::utf16be>();
        break;
      case Encoding::latin1:
        run.template operator()<Encoding::latin1>();
        break;
      case Encoding::gb18030:
        run.template operator()<Encoding::gb18030>();
        break;
      case Encoding::big5:
        run.template operator()<Encoding::big5>();
        break;
      case Encoding::shift_jis:
        run.template operator()<Encoding::shift_jis>();
        break;
      case Encoding::euc_kr:
        run.template operator()<Encoding::euc_kr>();
        break;
      default:
        break;
    }
  }
}

}  // namespace memscan
