#include "sample_job.h"

#include <algorithm>
#include <array>
#include <deque>
#include <optional>
#include <utility>

#include "shape.h"
#include "text_beginnings.h"

namespace memscan {

namespace {

/// Families kept of a job's cells, as of a granule: see kGranuleFamilies.
constexpr size_t kJobFamilies = 512;

/// Bytes read before and behind a cell: most strings that reach into it begin there, and what shapes are made of ends.
constexpr uint64_t kLeastContext = 256;
static_assert(kLeastContext >= kShapeWindow && kLeastContext >= kSampleBytes);

/// Strings of fewer characters than the minimum must be seen to be that.
uint64_t contextOf(const Wanted& wanted) { return std::max<uint64_t>(kLeastContext, uint64_t{4} * wanted.minLength); }

/// What is read for a cell: with a margin at the ends that are not the memory's.
Range windowOf(const Cell& cell, uint64_t context) {
  const uint64_t around = context + kMargin;
  return {cell.range.start - std::min(around, cell.range.start - cell.span.start),
          cell.range.end + std::min(around, cell.span.end - cell.range.end)};
}

// What was read of a window, as text: the margins are not part of it.
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

/// The first bytes of a text, with room behind them for shapes.
struct Beginning {
  uint64_t address;
  std::array<uint8_t, kSampleBytes + kShapeWindow> bytes;
};

/// A thread's memory for its jobs.
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
  SampleJob(const SampleScan& scan, const Source& source, uint32_t first)
      : scan_(scan),
        source_(source),
        beginnings_({source, *scan.kernel, scan.wanted}),
        edges_(workspaceOfThread().edges),
        number_(first) {
    result_.families = SampledFamilies(kJobFamilies);
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
      lookAt(window, {from, segment});
    }
    result_.bytesRead += beginnings_.bytesRead();
    result_.families.add(parts_);
    return std::move(result_);
  }

 private:
  struct Window {
    Cell cell;
    Range range;
  };

  // Windows of neighbours may overlap: to read them it does not matter.
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

  void lookAt(const Window& window, std::span<const Segment> segments) {
    cell_ = {0, 0, PageClass::other};
    range_ = window.cell.range;
    for (const Segment& segment : segments) {
      const uint64_t begin = std::max(segment.address, range_.start);
      const uint64_t end = std::min(segment.address + segment.length, range_.end);
      if (begin >= end) continue;
      takePage(begin, segment.data + (begin - segment.address), static_cast<uint32_t>(end - begin));
      takeText(openSegment(segment, window.range, window.cell.span), window.cell.span);
    }
    result_.cells.push_back(cell_);
    number_++;
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
      job_.take(string.address, string.length, string.bytes, string.address + string.length);
      return string.address + string.length < job_.range_.end;
    }

   private:
    SampleJob& job_;
  };

  void takeText(const Segment& segment, const Range& span) {
    Partials partials;
    CellSink sink(*this);
    StringFinder(segment, scan_.wanted, sink, partials).find(*scan_.kernel, edges_);
    uint64_t begin = 0;
    if (partials.head) begin = takeHead(*partials.head, span);
    if (!partials.tail) return;
    const String& tail = *partials.tail;
    const uint64_t end = tail.address + tail.length;
    if (!partials.whole) take(tail.address, tail.length, tail.bytes, end);
    beginnings_.remember(partials.whole ? begin : tail.address, end);
  }

  // A string that began before what was read. Returns where.
  uint64_t takeHead(const String& head, const Range& span) {
    const uint64_t end = head.address + head.length;
    if (end <= range_.start) return head.address;
    const auto begin = beginnings_.find(head.address, span);
    setStatus(beginnings_.status(), beginnings_.error());
    if (!begin) return head.address;
    if (const uint8_t* const text = beginningAt(*begin, end)) {
      take(*begin, end - *begin, text, end);
    } else {
      take(head.address, head.length, head.bytes, end);
    }
    return *begin;
  }

  // The bytes of a text that begins there and goes on until `end`, as many as samples have. None where they have gone.
  const uint8_t* beginningAt(uint64_t address, uint64_t end) {
    const uint64_t length = std::min<uint64_t>(end - address, kSampleBytes);
    if (!texts_.empty() && texts_.back().address == address) return texts_.back().bytes.data();
    Beginning& text = texts_.emplace_back(Beginning{address, {}});
    const ReadResult read = source_.copy({{address, address + length}}, text.bytes.data());
    result_.bytesRead += read.bytesRead;
    setStatus(read.status, read.error);
    if (read.bytesRead == length) return text.bytes.data();
    texts_.pop_back();
    return nullptr;
  }

  // `text` is there of a string from its beginning, to its end, or as far as it was looked at.
  void take(uint64_t address, uint64_t length, const uint8_t* text, uint64_t end) {
    const uint64_t from = std::max(address, range_.start);
    const uint64_t to = std::min(end, range_.end);
    if (from >= to) return;
    const bool begins = address >= range_.start;
    const auto bytes = static_cast<uint32_t>(to - from);
    cell_.text += bytes;
    result_.strings += begins;
    const uint64_t key = familyKey()(text, std::min<uint64_t>(length, kSampleBytes));
    parts_.push_back({key, number_, bytes, begins, address, length, text, placeAt(address)});
  }

  uint32_t placeAt(uint64_t address) const {
    const auto after = std::upper_bound(scan_.places.begin(), scan_.places.end(), address,
                                        [](uint64_t value, const PlaceStart& known) { return value < known.start; });
    return after == scan_.places.begin() ? 0 : after[-1].place;
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
  std::vector<SampledPart> parts_;
  SampleResult result_;
  uint32_t number_;  // of the present cell
  SampledCell cell_ = {};
  Range range_ = {0, 0};
};

}  // namespace

SampleResult runSampleJob(const SampleScan& scan, const Source& source, std::span<const uint64_t> numbers,
                          uint32_t first) {
  return SampleJob(scan, source, first).run(numbers);
}

}  // namespace memscan
