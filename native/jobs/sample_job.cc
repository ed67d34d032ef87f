#include "sample_job.h"

#include <algorithm>
#include <array>
#include <deque>
#include <optional>
#include <utility>

#include "../content/kernel.h"
#include "../content/shape.h"
#include "../content/text_beginnings.h"

namespace memscan {

namespace {

/// The most families kept of a job's cells, as many as of a granule: see kGranuleFamilies.
constexpr size_t kJobFamilies = 512;

static_assert(kSampleContext >= kShapeWindow && kSampleContext >= kSampleBytes);

/// The memory around a cell must show whether strings have the minimum length.
uint64_t contextOf(const Wanted& wanted) { return std::max<uint64_t>(kSampleContext, uint64_t{4} * wanted.minLength); }

/// The range to read for a cell, with a margin at each end where the memory continues.
Range windowOf(const Cell& cell, uint64_t context) {
  const uint64_t around = context + kMargin;
  return {cell.range.start - std::min(around, cell.range.start - cell.span.start),
          cell.range.end + std::min(around, cell.span.end - cell.range.end)};
}

// Makes a segment of what was read of a window, without the margins.
Segment openSegment(const Segment& read, const Range& window, const Range& span) {
  Segment segment = read;
  const uint64_t end = read.address + read.length;
  segment.openBefore = read.address == window.start && window.start > span.start && read.length > 2 * kMargin;
  segment.openAfter = end == window.end && window.end < span.end && read.length > 2 * kMargin;
  if (segment.openBefore) {
    segment.address += kMargin;
    segment.data += kMargin;
    segment.length -= kMargin;
    segment.before = kMargin;
  }
  if (segment.openAfter) {
    segment.length -= kMargin;
    segment.after = kMargin;
  }
  return segment;
}

/// The first bytes of a text, with room after them for shapes.
struct Beginning {
  uint64_t address;
  std::array<uint8_t, kSampleBytes + kShapeWindow> bytes;
};

/// What is known of the text that crosses the end of the cell before.
enum class Before { none, known, unknown };

/// A thread's memory, which its jobs reuse.
struct Workspace {
  Buffer buffer;
  EdgeBuffer edges;
};

Workspace& workspaceOfThread() {
  thread_local Workspace workspace;
  return workspace;
}

class SampleJob {
 public:
  SampleJob(const SampleScan& scan, const Source& source, uint32_t first, std::optional<uint64_t> previous)
      : scan_(scan),
        source_(source),
        beginnings_({source, *scan.kernel, scan.wanted}),
        edges_(workspaceOfThread().edges),
        number_(first) {
    result_.families = SampledFamilies(kJobFamilies);
    if (!previous) return;
    end_ = scan.cells->at(*previous).range.end;
    before_ = Before::unknown;
  }

  SampleResult run(std::span<const uint64_t> numbers) {
    const ReadResult read = readWindows(numbers);
    setStatus(read.status, read.error);
    result_.bytesRead = read.bytesRead;
    auto segment = read.segments.begin();
    for (const Window& window : windows_) {
      if (result_.status != ReadStatus::ok || scan_.cancelled) break;
      const auto from = segment;
      uint64_t end = 0;
      for (; segment != read.segments.end() && segment->address >= end && holds(window, *segment); segment++) {
        end = segment->address + segment->length;
      }
      scanWindow(window, {from, segment});
    }
    result_.bytesRead += beginnings_.bytesRead();
    result_.families.add(parts_);
    result_.families.endWith(open_, before_ == Before::unknown);
    return std::move(result_);
  }

 private:
  struct Window {
    Cell cell;
    Range range;
  };

  // Windows of neighbouring cells may overlap, which reads permit.
  ReadResult readWindows(std::span<const uint64_t> numbers) {
    const uint64_t context = contextOf(scan_.wanted);
    Chunk chunk = {{}, 0, 0};
    for (const uint64_t number : numbers) {
      const Cell cell = scan_.cells->at(number);
      const Range window = windowOf(cell, context);
      windows_.push_back({cell, window});
      chunk.ranges.push_back(window);
    }
    return source_.read(chunk, workspaceOfThread().buffer);
  }

  static bool holds(const Window& window, const Segment& segment) {
    return segment.address >= window.range.start && segment.address + segment.length <= window.range.end;
  }

  void scanWindow(const Window& window, std::span<const Segment> segments) {
    cell_ = {0, 0, PageClass::other};
    range_ = window.cell.range;
    crosses_ = Before::none;
    const std::optional<SampledText> before = std::exchange(open_, std::nullopt);
    for (const Segment& segment : segments) {
      const uint64_t begin = std::max(segment.address, range_.start);
      const uint64_t end = std::min(segment.address + segment.length, range_.end);
      if (begin >= end) continue;
      takePage(begin, segment.data + (begin - segment.address), static_cast<uint32_t>(end - begin));
      takeText(openSegment(segment, window.range, window.cell.span), window.cell.span, before);
    }
    result_.cells.push_back(cell_);
    number_++;
    end_ = range_.end;
    before_ = crosses_;
  }

  void takePage(uint64_t address, const uint8_t* page, uint32_t length) {
    cell_.bytes += length;
    cell_.pageClass = classOf(page, length, *scan_.pointers);
    const bool mayHold = cell_.pageClass != PageClass::zero && cell_.pageClass != PageClass::repeated;
    const auto skip = static_cast<uint32_t>(-address % 16);
    if (mayHold && skip < length) countSignatures(page + skip, length - skip, result_.signatures);
  }

  /// Takes the strings of a segment that reach into the cell.
  class CellSink {
   public:
    static constexpr bool kCountOnly = false;
    explicit CellSink(SampleJob& job) : job_(job) {}
    bool add(const String& string) {
      job_.take(string, string.bytes, string.address);
      return string.address + string.length < job_.range_.end;
    }

   private:
    SampleJob& job_;
  };

  void takeText(const Segment& segment, const Range& span, const std::optional<SampledText>& before) {
    Partials partials;
    CellSink sink(*this);
    StringFinder(segment, scan_.wanted, sink, partials).find(*scan_.kernel, edges_);
    if (partials.head) takeHead(*partials.head, span, before);
    if (partials.tail && !partials.whole) take(*partials.tail, partials.tail->bytes, partials.tail->address);
  }

  // Takes a string that begins at or before the first byte read. There is no drawn cell between the previous one and
  // this one: if the string reaches back to that cell, it is the text that continues from it.
  void takeHead(const String& head, const Range& span, const std::optional<SampledText>& before) {
    if (head.address + head.length <= range_.start) return;
    const bool isNear = end_ > span.start;
    const uint64_t floor = isNear ? end_ : span.start;
    const uint64_t begin = beginnings_.find(head.address, floor, span, isNear && before_ != Before::none);
    setStatus(beginnings_.status(), beginnings_.error());
    const bool isBefore = isNear && begin <= floor;
    if (isBefore && before_ == Before::known) return takePart(*before, head);
    const uint8_t* const text = beginningAt(begin, head.address + head.length);
    if (isBefore && before_ == Before::unknown && text) return takeBefore(head, text, begin);
    if (text) {
      take(head, text, begin);
    } else {
      take(head, head.bytes, head.address);
    }
  }

  void takeBefore(const String& head, const uint8_t* text, uint64_t begin) {
    SampledPart part = partOf(head, false);
    part.begins = begin >= range_.start;
    result_.families.addBefore(textOf(head, text, begin), part);
    if (head.address + head.length > range_.end) crosses_ = Before::unknown;
  }

  // Returns the first bytes of a text from `address` to `end`, as many as samples have; nullptr if they are gone.
  const uint8_t* beginningAt(uint64_t address, uint64_t end) {
    const uint64_t length = std::min<uint64_t>(end - address, kSampleBytes);
    Beginning& text = texts_.emplace_back(Beginning{address, {}});
    const ReadResult read = source_.copy({{address, address + length}}, text.bytes.data());
    result_.bytesRead += read.bytesRead;
    setStatus(read.status, read.error);
    return read.bytesRead == length ? text.bytes.data() : nullptr;
  }

  // `seen` is the visible part of a string that begins at `begin`; `bytes` are the string's first bytes.
  void take(const String& seen, const uint8_t* bytes, uint64_t begin) {
    if (begin >= range_.end || seen.address + seen.length <= range_.start) return;
    takePart(textOf(seen, bytes, begin), seen);
  }

  void takePart(const SampledText& text, const String& seen) {
    parts_.emplace_back(text, partOf(seen, text.address >= range_.start));
    if (seen.address + seen.length <= range_.end) return;
    open_ = text;
    crosses_ = Before::known;
  }

  SampledText textOf(const String& seen, const uint8_t* bytes, uint64_t begin) const {
    const uint64_t length = seen.address + seen.length - begin;
    const uint64_t key = contentKernel().familyKey(bytes, std::min<uint64_t>(length, kSampleBytes));
    return {key, begin, length, locationAt(begin), bytes};
  }

  // Also counts the part.
  SampledPart partOf(const String& seen, bool begins) {
    const uint64_t from = std::max(seen.address, range_.start);
    const uint64_t to = std::min(seen.address + seen.length, range_.end);
    const auto bytes = static_cast<uint32_t>(to - from);
    cell_.text += bytes;
    result_.strings += begins;
    return {number_, bytes, begins};
  }

  uint32_t locationAt(uint64_t address) const {
    const auto after = std::upper_bound(scan_.locations.begin(), scan_.locations.end(), address,
                                        [](uint64_t value, const LocationStart& known) { return value < known.start; });
    return after == scan_.locations.begin() ? 0 : after[-1].location;
  }

  void setStatus(ReadStatus status, int error) {
    if (result_.status != ReadStatus::ok) return;
    result_.status = status;
    result_.error = error;
  }

  const SampleScan& scan_;
  const Source& source_;
  TextBeginnings beginnings_;
  EdgeBuffer& edges_;
  std::vector<Window> windows_;
  std::deque<Beginning> texts_;
  std::vector<std::pair<SampledText, SampledPart>> parts_;
  SampleResult result_;
  uint32_t number_;  // index of the present cell
  SampledCell cell_ = {};
  Range range_ = {0, 0};
  Before crosses_ = Before::none;  // what is known of the text that crosses the present cell's end
  uint64_t end_ = 0;               // of the cell before
  Before before_ = Before::none;
  std::optional<SampledText> open_;  // the text that crosses the end of the last cell, if known
};

}  // namespace

SampleResult runSampleJob(const SampleScan& scan, const Source& source, std::span<const uint64_t> numbers,
                          uint32_t first, std::optional<uint64_t> previous) {
  return SampleJob(scan, source, first, previous).run(numbers);
}

}  // namespace memscan
