// Several encodings at once: which there are, and where memory may be cut without cutting a string in any of them.
#pragma once

#include <optional>
#include <type_traits>
#include <vector>

#include "byte_chains.h"
#include "utf16_chains.h"

namespace memscan {

/// The encodings of a scan that has more to do than to find ASCII or UTF-8.
class Mix {
 public:
  /// `encodings` are in order, none of them twice.
  Mix(std::vector<Encoding> encodings, uint32_t minLength);

  uint32_t minLength() const { return minLength_; }

  /// What is found as maximal runs, with no evidence wanted: UTF-8, or the ASCII that is part of nearly all encodings.
  std::optional<Encoding> plain() const { return plain_; }

  /// What a plain string is called.
  Encoding nameOfPlain(bool isAscii) const { return isAscii ? nameOfAscii_ : *plain_; }

  Score wanted() const { return wantedEvidence(minLength_); }

  /// Finds the chains of all other encodings. `use` is given each one's finder, to be run.
  template <class Visitor, class Use>
  void eachFinder(const Stretch& stretch, Visitor& visitor, Use use) const;

  const std::vector<Encoding>& encodings() const { return encodings_; }

  /// A place in [begin, end] over which no string goes, whatever stands before and behind (the first one, or the last):
  /// each side of it can be looked at by itself. `limit`: see Stretch. `open`: strings may come from before `begin`.
  /// nullptr where there is none.
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
