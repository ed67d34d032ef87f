// However memory is cut into chunks, the table of families is that of the whole, and correct within the errors it
// reports. Every CPU's kernel gives the same keys, whatever follows the text, and counts the same words. A page's class
// and signatures depend on the page's bytes only.
#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "../../native/content/family_table.h"
#include "../../native/content/kernel.h"
#include "../../native/content/shape.h"
#include "../../native/jobs/job.h"
#include "../native/memory_file.h"
#include "../native/oracle.h"
#include "asked.h"
#include "layout.h"

using namespace memscan;

namespace {

using Bytes = std::span<const uint8_t>;

constexpr uint64_t kGranule = uint64_t{1} << kGranuleBits;

/// The parts at their addresses, some of them granules apart.
struct Spread {
  std::vector<StoredRange> stored;
  std::vector<Chunk> cut, whole;
};

Spread spreadBy(Input& input, const Layout& layout) {
  Spread spread;
  uint64_t shift = 8 * kGranule - input.number<uint16_t>() % 4096;
  const auto shifted = [&](const Range& range) { return Range{range.start + shift, range.end + shift}; };
  auto chunk = layout.chunks.begin();
  size_t taken = 0;  // ranges of it
  for (const Range& part : layout.whole) {
    if (input.from(0, 3) == 3) shift += kGranule * input.from(0, 2) + input.number<uint8_t>();
    spread.stored.push_back({shifted(part), part.start});
    spread.whole.push_back({{shifted(part)}, 0, 0});
    while (chunk != layout.chunks.end() && chunk->ranges[taken].start < part.end) {
      if (taken == 0) spread.cut.push_back({{}, chunk->before, chunk->after});
      spread.cut.back().ranges.push_back(shifted(chunk->ranges[taken]));
      if (++taken < chunk->ranges.size()) continue;
      chunk++;
      taken = 0;
    }
  }
  return spread;
}

/// A short version of src/content/top.ts and src/scan/join-texts.ts.
class Tabulator {
 public:
  Tabulator(const Wanted& wanted, const std::vector<RegionLabel>& labels)
      : minLength_(wanted.minLength), encoding_(wanted.encoding), labels_(labels) {}

  void push(ChunkResult&& result) {
    if (result.head) append(*result.head);
    if (!result.whole) finish();
    table.add(std::move(result.content));
    if (result.tail && !result.whole) append(*result.tail);
  }

  void finish() {
    if (characters_ >= minLength_) addOpen();
    open_ = {};
    characters_ = 0;
  }

  FamilyTable table;

 private:
  void append(const PartialText& part) {
    if (open_.text.empty()) open_.address = part.address;
    open_.text += part.text;
    characters_ += part.characters;
  }

  // Keeps only the bytes of the text that determine its value.
  void addOpen() {
    const size_t length = open_.text.size();
    std::vector<uint8_t> text(std::min(length, kValueBytes) + kShapeWindow, 0);
    std::copy_n(open_.text.begin(), std::min(length, kValueBytes), text.begin());
    table.add({open_.address, length, text.data(), locationAt(open_.address), encoding_, length});
  }

  uint32_t locationAt(uint64_t address) const {
    uint32_t location = labels_.front().location;
    for (const RegionLabel& label : labels_) {
      if (label.start <= address) location = label.location;
    }
    return location;
  }

  const uint32_t minLength_;
  const Encoding encoding_;
  const std::vector<RegionLabel>& labels_;
  PartialText open_ = {};
  uint64_t characters_ = 0;
};

struct Report {
  uint64_t strings, encodings, bytes, error;
  std::map<uint32_t, uint64_t> locations;
  std::vector<std::pair<uint64_t, std::string>> samples;  // address, text
  std::vector<uint8_t> registers;
  bool operator==(const Report&) const = default;
};

struct TableReport {
  uint64_t strings, bytes;
  std::map<uint64_t, Report> families;
  bool operator==(const TableReport&) const = default;
};

Report reportOf(const FamilyTable& table, const FamilyTable::Entry& entry) {
  const Family& family = entry.family;
  Report report = {family.strings(), family.encodings(), family.bytes(), table.errorOf(entry), {}, {}, {}};
  for (const auto& [location, bytes] : family.locations()) report.locations[location] += bytes;
  for (const Sample& sample : family.samples()) {
    report.samples.emplace_back(sample.extent.address, textOf(sample.text()));
  }
  if (family.sketch())
    report.registers.assign(family.sketch()->registers().begin(), family.sketch()->registers().end());
  return report;
}

TableReport tabulate(const Scan& scan, const Source& source, const std::vector<Chunk>& chunks,
                     const std::vector<RegionLabel>& labels) {
  Tabulator tabulator(scan.wanted, labels);
  uint64_t read = 0, classed = 0;
  for (size_t next = 0; next < chunks.size();) {
    auto results = runJob(scan, source, {chunks.begin() + next, chunks.end()}, labels, UINT64_MAX);
    next += results.size();
    for (ChunkResult& result : results) {
      require(result.status == ReadStatus::ok && result.bytesUnreadable == 0, "all is read");
      read += result.bytesRead;
      tabulator.push(std::move(result));
    }
  }
  tabulator.finish();
  FamilyTable& table = tabulator.table;
  table.finish();
  for (const uint64_t bytes : table.totals().classBytes) classed += bytes;
  require(classed == read, "every byte is of one class");
  TableReport report = {table.strings(), table.bytes(), {}};
  for (const auto& entry : table.entries()) {
    const bool isNew = report.families.emplace(entry.family.key(), reportOf(table, entry)).second;
    require(isNew, "a family is reported once");
  }
  return report;
}

/// Copies bytes into memory of exactly `before + size` bytes, so that the sanitizer detects reads beyond it.
std::unique_ptr<uint8_t[]> copyOf(Bytes bytes, size_t before, size_t size, uint8_t filler) {
  auto copy = std::make_unique<uint8_t[]>(before + size);
  std::fill_n(copy.get(), before + size, filler);
  std::copy(bytes.begin(), bytes.end(), copy.get() + before);
  return copy;
}

struct Exact {
  uint64_t strings = 0, bytes = 0;
};

/// The families by definition.
std::map<uint64_t, Exact> familiesOf(Bytes bytes, const std::vector<StoredRange>& stored, const Wanted& wanted) {
  std::map<uint64_t, Exact> families;
  for (const auto& [range, offset] : stored) {
    const Bytes part = bytes.subspan(offset, range.end - range.start);
    const auto copy = copyOf(part, kReadBefore, part.size() + kReadAfter, 0);
    const uint8_t* const data = copy.get() + kReadBefore;
    const Segment segment = {range.start, data, static_cast<uint32_t>(part.size()), false, false};
    for (const Found& found : stringsOf(segment, wanted, std::nullopt).strings) {
      Exact& family = families[contentKernels().back()->familyKey(data + (found.address - range.start), found.length)];
      family.strings++;
      family.bytes += found.length;
    }
  }
  return families;
}

void checkFamily(const Report& family, const Exact& exact) {
  uint64_t inLocations = 0;
  for (const auto& [location, part] : family.locations) inLocations += part;
  require(inLocations == family.bytes, "a family's locations hold its bytes");
  require(family.samples.size() <= Family::kSamples && !family.samples.empty(), "a family has samples");
  require(family.bytes <= exact.bytes && exact.bytes <= family.bytes + family.error, "a family is short by its error");
  require(family.strings <= exact.strings, "no family has too many strings");
  require(family.encodings != 0, "a family's strings are of an encoding");
}

void checkTable(const TableReport& report, const std::map<uint64_t, Exact>& families) {
  Exact all;
  for (const auto& [key, exact] : families) {
    all.strings += exact.strings;
    all.bytes += exact.bytes;
  }
  require(report.strings == all.strings && report.bytes == all.bytes, "all strings are counted");
  const uint64_t most = all.bytes / (kGranuleFamilies + 1) + all.bytes / (kTableFamilies + 1) + 1;
  for (const auto& [key, exact] : families) {
    const auto known = report.families.find(key);
    if (known != report.families.end()) checkFamily(known->second, exact);
    require(known != report.families.end() ? known->second.error <= most : exact.bytes <= most,
            "no error is too great");
  }
  for (const auto& [key, family] : report.families) require(families.contains(key), "a family has strings");
}

void checkKeys(Bytes text, uint8_t filler) {
  const size_t size = std::max(text.size(), kShapeWindow);
  const auto zeros = copyOf(text, 0, size, 0), other = copyOf(text, 0, size, filler);
  const uint64_t expected = contentKernels().back()->familyKey(zeros.get(), text.size());
  for (const ContentKernel* const kernel : contentKernels()) {
    require(kernel->familyKey(zeros.get(), text.size()) == expected, "all give the same key");
    require(kernel->familyKey(other.get(), text.size()) == expected, "a key depends only on the text");
  }
  uint32_t at = 0;
  for (const ShapePart& part : shapeOf(other.get(), text.size())) {
    require(part.begin == at && part.end > at, "a shape's parts are in order");
    at = part.end;
  }
  require(at == shapedLength({text.begin(), text.end()}), "a shape covers its text");
}

void checkWords(Bytes page) {
  std::array<uint64_t, kSampledWords> words = {};
  std::memcpy(words.data(), page.data(), std::min(page.size(), sizeof words));
  const auto counted = [&](const ContentKernel* kernel) {
    const WordCounts counts = kernel->countWords(words.data());
    return std::array{uint64_t{counts.zero},   uint64_t{counts.text},    uint64_t{counts.small},
                      uint64_t{counts.floats}, uint64_t{counts.doubles}, counts.mayPoint};
  };
  for (const ContentKernel* const kernel : contentKernels()) {
    require(counted(kernel) == counted(contentKernels().back()), "all count the same words");
  }
}

void checkPages(Bytes bytes, const PointerRanges& pointers) {
  for (size_t at = 0; at < bytes.size(); at += kClassPage) {
    const Bytes page = bytes.subspan(at, std::min(kClassPage, bytes.size() - at));
    checkWords(page);
    const auto copy = copyOf(page, 0, page.size(), 0);
    const auto elsewhere = copyOf(page, 0, page.size() + 64, 0xff);
    require(classOf(copy.get(), page.size(), pointers) == classOf(elsewhere.get(), page.size(), pointers),
            "a class depends only on the page");
    SignatureCounts counts = {}, again = {};
    countSignatures(copy.get(), page.size(), counts);
    countSignatures(elsewhere.get(), page.size(), again);
    require(counts == again, "signatures depend only on the page");
    for (const uint64_t count : counts) require(count <= page.size() / 16 + 1, "at most one thing begins in 16 bytes");
  }
}

std::vector<RegionLabel> labelsBy(Input& input) {
  std::vector<RegionLabel> labels = {{0, {}, 3}};
  uint64_t at = 8 * kGranule - 4096;
  for (uint32_t count = input.from(0, 3); count > 0; count--) {
    at += input.number<uint16_t>();
    labels.push_back({at, {}, input.flag() ? 1u : 2u});
  }
  return labels;
}

/// The input's bytes, sometimes followed by texts of more shapes than a granule keeps.
std::vector<uint8_t> memoryBy(Input& input, uint32_t shapes) {
  const Bytes rest = input.rest();
  std::vector<uint8_t> bytes(rest.begin(), rest.end());
  uint32_t state = shapes + 1;
  for (uint32_t i = 0; i < shapes; i++) {
    bytes.push_back(0);
    for (uint32_t length = 4 + i % 29; length > 0; length--) {
      state = state * 1664525 + 1013904223;
      bytes.push_back(state >> 28 == 0 ? ' ' : 'a' + (state >> 24) % 26);
    }
  }
  return bytes;
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Input input(data, size);
  const uint32_t minLength = input.from(1, 20);
  const auto kernels = supportedKernels();
  Scan scan = {kernels[input.from(0, kernels.size() - 1)],
               {input.flag() ? Encoding::utf8 : Encoding::ascii, minLength, {}, false},
               Scan::Output::content};
  const uint8_t filler = input.number<uint8_t>();
  const uint32_t shapes = input.from(0, 7) == 7 ? 8 * input.number<uint8_t>() : 0;
  const std::vector<RegionLabel> labels = labelsBy(input);
  Input cuts(data, size);
  const std::vector<uint8_t> bytes = memoryBy(input, shapes);
  if (bytes.empty()) return 0;
  Layout layout = layOut(cuts, bytes.size());
  joinUp(layout, kMargin);
  const Spread spread = spreadBy(cuts, layout);
  scan.pointers =
      std::make_shared<const PointerRanges>(std::vector<Range>{{0x10000, 0x20000}, {0x4141414141414100, ~uint64_t{0}}});
  const MemoryFile file(bytes);
  const CoreSource source(file.fd, spread.stored);
  const TableReport whole = tabulate(scan, source, spread.whole, labels);
  checkTable(whole, familiesOf(bytes, spread.stored, scan.wanted));
  require(tabulate(scan, source, spread.cut, labels) == whole, "the table of the chunks is that of the whole");
  for (size_t at = 0; at < std::min<size_t>(bytes.size(), 64); at += 7) {
    checkKeys(Bytes(bytes).subspan(at, std::min<size_t>(bytes.size() - at, filler)), filler);
  }
  checkPages(bytes, *scan.pointers);
  return 0;
}
