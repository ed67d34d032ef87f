// Whatever a string contains, its line is one line of text that cannot control a terminal, and not much longer than the
// string.
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "../../native/output/lines.h"
#include "input.h"

using namespace memscan;

namespace {

LineStyle styleBy(Input& input) {
  const bool json = input.flag();
  return {json,         input.flag(),          input.flag(),     static_cast<uint8_t>(input.from(1, 16)),
          input.flag(), !json && input.flag(), input.from(0, 60)};
}

std::vector<Match> matchesBy(Input& input, uint32_t length) {
  std::vector<Match> matches;
  uint32_t at = 0;
  for (uint32_t count = input.from(0, 4); count > 0 && at < length; count--) {
    const uint32_t begin = std::min(length, at + input.from(0, 20));
    at = std::min(length, begin + input.from(0, 20));
    matches.push_back({begin, at});
  }
  return matches;
}

/// Removes the colours from a line. Any other escape sequence remains.
std::string withoutColors(std::string line) {
  for (const std::string_view color : {"\x1b[32m", "\x1b[35m", "\x1b[1;31m", "\x1b[0m"}) {
    for (size_t at; (at = line.find(color)) != std::string::npos;) line.erase(at, color.size());
  }
  return line;
}

void checkText(const std::string& line, bool tabs) {
  // The final zero ends every sequence.
  const auto* p = reinterpret_cast<const uint8_t*>(line.c_str());
  const uint8_t* const end = p + line.size() - 1;
  require(*end == '\n', "a line ends in a line feed");
  while (p < end) {
    const Character character = characterAt(p, Encoding::utf8);
    require(character.length > 0 && (*p != '\t' || tabs), "a line is text");
    require(!isHiddenCodePoint(character.codePoint), "a line hides nothing");
    p += character.length;
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Input input(data, size);
  const LineStyle style = styleBy(input);
  const uint64_t address = input.number<uint64_t>();
  const bool cutBefore = input.flag(), cutAfter = input.flag(), labelled = input.flag();
  const uint32_t matched = input.number<uint8_t>();
  const std::vector<Match> matches = matchesBy(input, matched);
  // Zeros around the text, as in a job's buffer.
  const auto bytes = input.rest();
  std::vector<uint8_t> text(bytes.size() + 16, 0);
  std::copy(bytes.begin(), bytes.end(), text.begin() + 8);
  const std::vector<RegionLabel> labels = {{0, style.json ? R"({"kind":"anon"})" : "anon"}};
  LineBuffer out;
  LineWriter(style).write({address,
                           bytes.size(),
                           {text.data() + 8, bytes.size()},
                           cutBefore,
                           cutAfter,
                           matched <= bytes.size() ? std::span<const Match>(matches) : std::span<const Match>(),
                           Encoding::utf8,
                           {}},
                          labelled ? labels : std::vector<RegionLabel>(), out);
  const size_t length = out.size();
  uint8_t* const written = out.release();
  const std::string line(reinterpret_cast<const char*>(written), length);
  std::free(written);
  require(length < 200 + 40 * bytes.size(), "a line is not much longer than its text");
  checkText(style.color ? withoutColors(line) : line, !style.json && !style.escapeTab);
  return 0;
}
