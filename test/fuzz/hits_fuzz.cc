// However memory is cut into chunks, and with every kernel: bytes with wildcards and pointers are found where a search
// byte by byte finds them, with the readable bytes around them. Their lines are plain ASCII, one for each hit.
#include <map>
#include <string>
#include <vector>

#include "../../native/jobs/hit_job.h"
#include "../native/memory_file.h"
#include "layout.h"

using namespace memscan;

namespace {

using Bytes = std::span<const uint8_t>;

struct Pattern {
  std::vector<uint8_t> bytes, loose;

  bool isAt(const uint8_t* begin) const {
    for (size_t i = 0; i < bytes.size(); i++) {
      if ((begin[i] ^ bytes[i]) & ~loose[i]) return false;
    }
    return true;
  }
};

struct Search {
  std::vector<Pattern> patterns;  // none: search for pointers
  AddressRange range = {};

  /// As in src/scan/hits.ts.
  uint64_t margin() const {
    size_t longest = 0;
    for (const Pattern& pattern : patterns) longest = std::max(longest, pattern.bytes.size());
    return patterns.empty() ? 7 : kContext + longest - 1;
  }
};

Search searchBy(Input& input) {
  Search search;
  if (input.flag()) {
    const uint64_t start = input.number<uint64_t>();
    const uint64_t size = input.flag() ? input.number<uint64_t>() : input.number<uint8_t>();
    search.range = {start, std::clamp<uint64_t>(size, 1, std::max<uint64_t>(~start, 1))};
    return search;
  }
  for (uint32_t count = input.from(1, 5); count > 0; count--) {
    Pattern pattern;
    for (uint32_t length = input.from(1, 24); length > 0; length--) {
      constexpr uint8_t kLoose[] = {0, 0, 0x0f, 0xf0, 0xff};
      pattern.bytes.push_back(input.number<uint8_t>());
      pattern.loose.push_back(kLoose[input.from(0, 4)]);
    }
    search.patterns.push_back(pattern);
  }
  return search;
}

struct Expected {
  uint64_t address;
  uint64_t value;  // of pointers
  std::string before, bytes, after;
  bool operator==(const Expected&) const = default;
};

std::string textOf(Bytes bytes, uint64_t begin, uint64_t end) { return {bytes.begin() + begin, bytes.begin() + end}; }

void findBytes(const Search& search, Bytes bytes, const Range& part, std::vector<Expected>& found) {
  for (uint64_t at = part.start; at < part.end; at++) {
    std::map<size_t, Expected> here;  // by length
    for (const Pattern& pattern : search.patterns) {
      const size_t length = pattern.bytes.size();
      if (at + length > part.end || !pattern.isAt(bytes.data() + at)) continue;
      const uint64_t begin = at - std::min<uint64_t>(at - part.start, kContext);
      const uint64_t end = std::min<uint64_t>(part.end, at + length + kContext);
      here[length] = {at, 0, textOf(bytes, begin, at), textOf(bytes, at, at + length), textOf(bytes, at + length, end)};
    }
    for (const auto& [length, hit] : here) found.push_back(hit);
  }
}

void findPointers(const AddressRange& range, Bytes bytes, const Range& part, std::vector<Expected>& found) {
  for (uint64_t at = (part.start + 7) / 8 * 8; at + 8 <= part.end; at += 8) {
    uint64_t value = 0;
    for (int i = 7; i >= 0; i--) value = value << 8 | bytes[at + i];
    if (value >= range.start && value <= range.start + (range.size - 1)) found.push_back({at, value, {}, {}, {}});
  }
}

std::vector<Expected> ofTheWhole(const Search& search, Bytes bytes, const Layout& layout) {
  std::vector<Expected> found;
  for (const Range& part : layout.whole) {
    if (search.patterns.empty()) {
      findPointers(search.range, bytes, part, found);
    } else {
      findBytes(search, bytes, part, found);
    }
  }
  return found;
}

void append(const HitRecords& records, std::vector<Expected>& found) {
  size_t at = 0;
  const auto take = [&](size_t length) { return records.bytes.substr((at += length) - length, length); };
  for (size_t i = 0; i < records.addresses.size(); i++) {
    Expected& hit = found.emplace_back(Expected{records.addresses[i], 0, {}, {}, {}});
    if (!records.values.empty()) {
      hit.value = records.values[i];
    } else {
      const uint32_t* const lengths = &records.lengths[3 * i];
      hit.before = take(lengths[0]);
      hit.bytes = take(lengths[1]);
      hit.after = take(lengths[2]);
    }
  }
  require(at == records.bytes.size(), "records hold what their lengths say");
}

std::vector<HitResult> run(const Kernel& kernel, const Search& search, HitScan::Output output, bool json,
                           const Source& source, const Layout& layout) {
  HitScan scan = {&kernel, search.range, output, {json, false, 12}};
  if (!search.patterns.empty()) {
    std::vector<Needle> needles;
    for (const Pattern& pattern : search.patterns) needles.emplace_back(pattern.bytes, pattern.loose);
    scan.wanted = needles;
  }
  auto results = runHitJob(scan, source, layout.chunks, {}, UINT64_MAX);
  require(results.size() == layout.chunks.size(), "every chunk has a result");
  for (const HitResult& result : results) {
    require(result.status == ReadStatus::ok && result.bytesUnreadable == 0, "all is read");
  }
  return results;
}

size_t countLines(LineBuffer& lines) {
  const size_t size = lines.size();
  uint8_t* const text = lines.release();
  size_t count = 0;
  for (size_t i = 0; i < size; i++) {
    count += text[i] == '\n';
    require(text[i] == '\n' || (text[i] >= 0x20 && text[i] < 0x7f), "a line is plain ASCII");
  }
  require(size == 0 || text[size - 1] == '\n', "a line ends in a line feed");
  std::free(text);
  return count;
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Input input(data, size);
  const Search search = searchBy(input);
  const bool json = input.flag();
  Input cuts(data, size);
  const Bytes bytes = input.rest();
  if (bytes.empty()) return 0;
  Layout layout = layOut(cuts, bytes.size());
  joinUp(layout, search.margin());
  const MemoryFile file(bytes);
  const FileSource source(file.fd);
  const std::vector<Expected> expected = ofTheWhole(search, bytes, layout);
  for (const Kernel* const kernel : supportedKernels()) {
    std::vector<Expected> found;
    uint64_t counted = 0, lines = 0;
    for (const auto& result : run(*kernel, search, HitScan::Output::records, json, source, layout))
      append(result.records, found);
    for (const auto& result : run(*kernel, search, HitScan::Output::count, json, source, layout))
      counted += result.hits;
    for (auto& result : run(*kernel, search, HitScan::Output::lines, json, source, layout))
      lines += countLines(result.lines);
    require(found == expected, kernel->name);
    require(counted == expected.size() && lines == expected.size(), "as many are counted and shown as are found");
  }
  return 0;
}
