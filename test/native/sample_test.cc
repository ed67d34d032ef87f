// All cells together contain what one scan of all of the memory finds, however they are divided among jobs.
#include <random>
#include <string>

#include "../../native/jobs/sample_job.h"
#include "each_kernel.h"
#include "memory_file.h"

using namespace memscan;

namespace {

struct Sum {
  uint64_t bytes = 0;
  uint64_t strings = 0;
  bool operator==(const Sum&) const = default;
};

class SumSink {
 public:
  static constexpr bool kCountOnly = false;
  explicit SumSink(Sum& sum) : sum_(sum) {}
  bool add(const String& string) {
    sum_.bytes += string.length;
    sum_.strings++;
    return true;
  }

 private:
  Sum& sum_;
};

// Zeros, noise, short and long texts with characters of one byte and of three, some truncated.
std::string memoryOf(size_t size, std::mt19937& random) {
  std::string bytes;
  while (bytes.size() < size) {
    const size_t length = 1 + random() % (random() % 8 ? 300 : 300000);
    const uint32_t kind = random() % 4;
    if (kind == 0) bytes.append(length, '\0');
    for (size_t i = 0; kind == 1 && i < length; i++) bytes += static_cast<char>(random());
    for (size_t i = 0; kind == 2 && i < length; i++) bytes += static_cast<char>(' ' + random() % 90);
    for (size_t i = 0; kind == 3 && i < length; i += 3) bytes += "您";
    bytes += random() % 2 ? std::string(1, '\0') : "\xe4\xbd";
  }
  return bytes;
}

// In order; some touch, and the last may extend beyond the memory.
std::vector<Range> rangesIn(size_t size, std::mt19937& random) {
  std::vector<Range> ranges;
  for (uint64_t at = random() % 100; at < size;) {
    const uint64_t end = at + 1 + random() % 200000;
    ranges.push_back({at, end});
    at = end + (random() % 2 ? 0 : random() % 9000);
  }
  return ranges;
}

Sum reference(const SampleScan& scan, const Source& source, const std::vector<Range>& ranges) {
  std::vector<Range> joined;
  for (const Range& range : ranges) {
    if (!joined.empty() && joined.back().end == range.start) {
      joined.back().end = range.end;
    } else {
      joined.push_back(range);
    }
  }
  Sum sum;
  SumSink sink(sum);
  for (const Range& range : joined) {
    Buffer buffer;
    EdgeBuffer edges;
    Partials partials;
    for (const Segment& segment : source.read({{range}, 0, 0}, buffer).segments) {
      StringFinder(segment, scan.wanted, sink, partials).find(*scan.kernel, edges);
    }
  }
  return sum;
}

void expectAll(const SampleScan& scan, const Source& source, size_t aJob, const Sum& expected) {
  std::vector<uint64_t> numbers(scan.cells->count());
  for (size_t i = 0; i < numbers.size(); i++) numbers[i] = i;
  SampledFamilies table(1 << 16);
  Sum cells;
  for (size_t i = 0; i < numbers.size(); i += aJob) {
    const auto group = std::span(numbers).subspan(i, std::min(aJob, numbers.size() - i));
    const auto previous = i > 0 ? std::optional(numbers[i - 1]) : std::nullopt;
    SampleResult result = runSampleJob(scan, source, group, static_cast<uint32_t>(i), previous);
    for (const SampledCell& cell : result.cells) cells.bytes += cell.text;
    cells.strings += result.strings;
    table.merge(std::move(result.families));
  }
  EXPECT_EQ(cells.bytes, expected.bytes);
  EXPECT_LE(cells.strings, expected.strings);
  EXPECT_GE(cells.strings + numbers.size() / aJob, expected.strings);
  Sum families;
  uint64_t missing = 0;
  for (const SampledFamily& family : table.all()) {
    families.bytes += family.bytes;
    families.strings += family.strings;
    missing = std::max(missing, family.error);
  }
  if (missing == 0) {
    EXPECT_EQ(families, expected);
  }
  EXPECT_LE(families.bytes, expected.bytes);
}

class Samples : public EachKernel {};

TEST_P(Samples, cellsTogetherHoldAllText) {
  for (int round = 0; round < 60; round++) {
    const std::string bytes = memoryOf(4096 + random() % 300000, random);
    const MemoryFile file({reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()});
    const FileSource source(file.fd);
    const std::vector<Range> ranges = rangesIn(bytes.size(), random);
    SampleScan scan;
    scan.kernel = &kernel;
    scan.wanted.encoding = random() % 2 ? Encoding::utf8 : Encoding::ascii;
    scan.wanted.minLength = random() % 3 ? 10 : static_cast<uint32_t>(1 + random() % 100);
    scan.wanted.unmet = false;
    scan.cells = std::make_unique<SampleCells>(ranges);
    scan.pointers = std::make_unique<PointerRanges>(std::vector<Range>{{1000, 100000}});
    expectAll(scan, source, 1 + random() % 20, reference(scan, source, ranges));
  }
}

INSTANTIATE_TEST_SUITE_P(, Samples, supported(), kernelName);

}  // namespace
