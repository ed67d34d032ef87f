#include "job.h"

#include <algorithm>

namespace memscan {

namespace {

/// A thread's memory for its jobs.
struct Workspace {
  Buffer buffer;
  EdgeBuffer edges;
  GranuleBuilder families;
};

class CountingSink {
 public:
  static constexpr bool kCountOnly = true;

  explicit CountingSink(ChunkResult& result) : result_(result) {}

  bool add(const String&) {
    result_.strings++;
    return true;
  }
  void addCounted(uint64_t strings) { result_.strings += strings; }

 private:
  ChunkResult& result_;
};

// Counts the strings it takes, up to the limit, and leaves what else is done with them to `Keep`.
template <class Keep>
class LimitedSink {
 public:
  static constexpr bool kCountOnly = false;

  LimitedSink(ChunkResult& result, uint64_t limit, Keep keep) : result_(result), limit_(limit), keep_(keep) {}

  bool add(const String& string) {
    if (result_.strings == limit_) return false;
    result_.strings++;
    keep_(string);
    return true;
  }

 private:
  ChunkResult& result_;
  const uint64_t limit_;
  Keep keep_;
};

void record(const String& string, Records& records) {
  records.addresses.push_back(string.address);
  records.lengths.push_back(string.length);
  // Characters that take two units of UTF-16 have a lead byte of 0xf0 or more.
  const auto isAstral = [](uint8_t byte) { return byte >= 0xf0; };
  const bool ascii = string.characters == string.length;
  const auto astral = ascii ? 0 : std::count_if(string.bytes, string.bytes + string.length, isAstral);
  records.codeUnits.push_back(string.characters + static_cast<uint32_t>(astral));
  records.text.append(reinterpret_cast<const char*>(string.bytes), string.length);
}

void print(const String& string, const LineWriter& writer, std::span<const RegionLabel> labels, LineBuffer& out) {
  writer.write({string.address, string.length, {string.bytes, string.length}, false, false, {}}, labels, out);
}

PartialText copyOf(const String& string, bool withText) {
  PartialText copy = {string.address, string.length, string.characters, {}};
  if (withText) copy.text.assign(reinterpret_cast<const char*>(string.bytes), string.length);
  return copy;
}

ChunkResult scanChunk(const Scan& scan, const Source& source, const Chunk& chunk, std::span<const RegionLabel> labels,
                      uint64_t limit, Workspace& workspace) {
  ChunkResult result;
  const ReadResult read = source.read(chunk, workspace.buffer);
  result.status = read.status;
  result.error = read.error;
  if (read.status != ReadStatus::ok) return result;
  result.bytesRead = read.bytesRead;
  result.bytesUnreadable = read.bytesUnreadable;

  Partials partials;
  const auto findFor = [&](auto&& sink) {
    for (const Segment& segment : read.segments) {
      if (!StringFinder(segment, scan.wanted, sink, partials).find(*scan.kernel, workspace.edges)) break;
    }
  };
  switch (scan.output) {
    case Scan::Output::count:
      findFor(CountingSink(result));
      break;
    case Scan::Output::records:
      findFor(LimitedSink(result, limit, [&](const String& string) { record(string, result.records); }));
      break;
    case Scan::Output::lines:
      findFor(
          LimitedSink(result, limit, [&](const String& string) { print(string, *scan.lines, labels, result.lines); }));
      break;
    case Scan::Output::content: {
      ContentSink sink({chunk.ranges.front().start, chunk.ranges.back().end}, labels, workspace.families);
      findFor(sink);
      for (const Segment& segment : read.segments) sink.addPages(segment, *scan.pointers);
      result.content = sink.finish();
      result.strings = result.content.strings;
      break;
    }
  }
  const bool withText = scan.output != Scan::Output::count || scan.wanted.condition;
  if (partials.head) result.head = copyOf(*partials.head, withText);
  if (partials.tail && !partials.whole) result.tail = copyOf(*partials.tail, withText);
  result.whole = partials.whole;
  return result;
}

}  // namespace

std::vector<ChunkResult> runJob(const Scan& scan, const Source& source, const std::vector<Chunk>& chunks,
                                std::span<const RegionLabel> labels, uint64_t limit) {
  thread_local Workspace workspace;
  std::vector<ChunkResult> results;
  size_t found = 0;
  for (const Chunk& chunk : chunks) {
    if (scan.cancelled || found >= kMuchFound) break;
    results.push_back(scanChunk(scan, source, chunk, labels, limit, workspace));
    const ChunkResult& result = results.back();
    if (result.status != ReadStatus::ok) break;
    found += result.lines.size() + result.records.text.size() + 16 * result.records.addresses.size() +
             (scan.output == Scan::Output::content ? result.content.footprint() : 0);
  }
  return results;
}

}  // namespace memscan
