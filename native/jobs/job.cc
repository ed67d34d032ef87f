#include "job.h"

#include <algorithm>
#include <cstring>
#include <functional>

#include "../encodings/mixed_strings.h"
#include "limits.h"

namespace memscan {

namespace {

/// A thread's memory, which its jobs reuse.
struct Workspace {
  Buffer buffer;
  EdgeBuffer edges;
  MixedWorkspace mixed;
  ContentWorkspace content;
};

Workspace& workspaceOfThread() {
  thread_local Workspace workspace;
  return workspace;
}

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

// Counts the strings it takes, up to the limit, and passes each to `keep`. That is not a template parameter: the call
// costs little compared with its work, and each template argument would add its own finders to the addon.
class LimitedSink {
 public:
  static constexpr bool kCountOnly = false;

  using Keep = std::function<void(const String&)>;

  LimitedSink(ChunkResult& result, uint64_t limit, Keep keep)
      : result_(result), limit_(limit), keep_(std::move(keep)) {}

  bool add(const String& string) {
    if (result_.strings == limit_) return false;
    result_.strings++;
    keep_(string);
    return true;
  }

 private:
  ChunkResult& result_;
  const uint64_t limit_;
  const Keep keep_;
};

void record(const String& string, bool mixed, Records& records) {
  records.addresses.push_back(string.address);
  records.lengths.push_back(string.memory);
  if (mixed) {
    records.textLengths.push_back(string.length);
    records.encodings.push_back(static_cast<uint8_t>(string.encoding));
  }
  // Characters that take two UTF-16 units have a lead byte of 0xf0 or more.
  const auto isAstral = [](uint8_t byte) { return byte >= 0xf0; };
  const bool ascii = string.characters == string.length;
  const auto astral = ascii ? 0 : std::count_if(string.bytes, string.bytes + string.length, isAstral);
  records.codeUnits.push_back(string.characters + static_cast<uint32_t>(astral));
  records.text.append(reinterpret_cast<const char*>(string.bytes), string.length);
}

void print(const String& string, const LineWriter& writer, std::span<const RegionLabel> labels, LineBuffer& out) {
  const auto begin = static_cast<uint32_t>(string.met.length ? string.met.begin - string.bytes : 0);
  const Match met = {begin, begin + static_cast<uint32_t>(string.met.length)};
  const std::span<const Match> matches(&met, string.met.length ? 1 : 0);
  writer.write({string.address, string.memory, {string.bytes, string.length}, false, false, matches, string.encoding},
               labels, out);
}

PartialText copyOf(const String& string, bool withText) {
  PartialText copy = {string.address, string.length, string.characters, {}};
  if (withText) copy.text.assign(reinterpret_cast<const char*>(string.bytes), string.length);
  return copy;
}

// Calls `find` with the sink for the scan's output. `known`: see ContentSink.
void withSink(const Scan& scan, Range known, std::span<const RegionLabel> labels, uint64_t limit, Workspace& workspace,
              ChunkResult& result, auto find) {
  switch (scan.output) {
    case Scan::Output::count:
      find(CountingSink(result));
      break;
    case Scan::Output::records:
      find(LimitedSink(result, limit,
                       [&](const String& string) { record(string, scan.mix.has_value(), result.records); }));
      break;
    case Scan::Output::lines:
      find(LimitedSink(result, limit, [&](const String& string) { print(string, *scan.lines, labels, result.lines); }));
      break;
    case Scan::Output::content: {
      ContentSink sink(known, scan.mix ? kMixedEdge : 0, labels, workspace.content);
      find(sink);
      result.content = sink.finish();
      result.strings = result.content.strings;
      break;
    }
  }
}

Range boundsOf(const Chunk& chunk) { return {chunk.ranges.front().start, chunk.ranges.back().end}; }

void scanPlain(const Scan& scan, const Chunk& chunk, const std::vector<Segment>& segments,
               std::span<const RegionLabel> labels, uint64_t limit, Workspace& workspace, ChunkResult& result) {
  Partials partials;
  withSink(scan, boundsOf(chunk), labels, limit, workspace, result, [&](auto&& sink) {
    const auto find = [&](const Segment& segment, auto& into) {
      return StringFinder(segment, scan.wanted, into, partials).find(*scan.kernel, workspace.edges);
    };
    for (const Segment& segment : segments) {
      if (scan.wanted.unmet) {
        UnmetSink unmet(*scan.kernel, segment, scan.wanted.conditions, sink);
        if (!find(segment, unmet)) break;
      } else if (!find(segment, sink)) {
        break;
      }
    }
  });
  const bool withText = scan.output != Scan::Output::count || !scan.wanted.conditions.empty();
  if (partials.head) result.head = copyOf(*partials.head, withText);
  if (partials.tail && !partials.whole) result.tail = copyOf(*partials.tail, withText);
  result.whole = partials.whole;
}

PartialText headOf(const uint8_t* begin, const uint8_t* end, uint64_t address) {
  return {address, static_cast<uint32_t>(end - begin), 0, {begin, end}};
}

PartialText tailOf(const uint8_t* begin, const uint8_t* end, uint64_t address) {
  return {address, static_cast<uint32_t>(end - begin), 0, {begin - kTailContext, end}};
}

/// The part of a segment between its first and its last cut.
struct Inside {
  const uint8_t* begin;
  const uint8_t* end;
  uint64_t address;
};

// Returns the inside of a segment. What is outside the cuts becomes the chunk's head and tail.
Inside insideOf(const Mix& mix, const Segment& segment, ChunkResult& result) {
  const uint8_t* const end = segment.data + segment.length;
  const Stretch all = {segment.data, end, segment.openAfter ? end + kMargin : end, segment.openBefore};
  const auto addressOf = [&](const uint8_t* p) { return segment.address + (p - segment.data); };
  const uint8_t* first = segment.data;
  if (segment.openBefore) {
    first = mix.firstCut(all);
    result.whole = !first && segment.openAfter;
    if (!first) first = end;
    if (first > segment.data) result.head = headOf(segment.data, first, segment.address);
    if (result.whole) return {end, end, addressOf(end)};
  }
  const uint8_t* last = end;
  if (segment.openAfter) {
    last = mix.lastCut({first, end, all.limit, false});
    if (!last) last = first;
    result.tail = tailOf(last, end, addressOf(last));
  }
  return {first, last, addressOf(first)};
}

// Scans each segment between its first and its last cut. What is outside is joined with what neighbouring chunks leave.
// See Mix.
void scanMixed(const Scan& scan, const Chunk& chunk, const std::vector<Segment>& segments,
               std::span<const RegionLabel> labels, uint64_t limit, Workspace& workspace, ChunkResult& result) {
  std::vector<Inside> insides;
  for (const Segment& segment : segments) insides.push_back(insideOf(*scan.mix, segment, result));
  Range known = boundsOf(chunk);
  if (result.head) known.start = result.head->address + result.head->length;
  if (result.tail) known.end = result.tail->address;
  withSink(scan, known, labels, limit, workspace, result, [&](auto&& sink) {
    MixedStrings strings(*scan.mix, scan.wanted, scan.inMemory, *scan.kernel, workspace.edges, workspace.mixed, sink);
    for (const Inside& inside : insides) strings.find(inside.begin, inside.end, inside.address);
  });
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

  if (scan.mix) {
    scanMixed(scan, chunk, read.segments, labels, limit, workspace, result);
  } else {
    scanPlain(scan, chunk, read.segments, labels, limit, workspace, result);
  }
  if (scan.output == Scan::Output::content) {
    for (const Segment& segment : read.segments) addPages(segment, *scan.pointers, result.content.totals);
  }
  return result;
}

}  // namespace

std::vector<ChunkResult> runJob(const Scan& scan, const Source& source, const std::vector<Chunk>& chunks,
                                std::span<const RegionLabel> labels, uint64_t limit) {
  Workspace& workspace = workspaceOfThread();
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

ChunkResult scanJoined(const Scan& scan, std::span<const uint8_t> bytes, uint64_t address, bool goesOn,
                       std::span<const RegionLabel> labels, uint64_t limit) {
  Workspace& workspace = workspaceOfThread();
  ChunkResult result;
  uint8_t* const room = workspace.buffer.reserve(kReadBefore + bytes.size() + kReadAfter);
  uint8_t* const end = room + kReadBefore + bytes.size();
  std::memset(room, 0, kReadBefore);
  std::memcpy(room + kReadBefore, bytes.data(), bytes.size());
  std::memset(end, 0, kReadAfter);

  const uint8_t* const begin = room + kReadBefore + kTailContext;
  const uint8_t* last = end;
  if (goesOn) {
    // The last bytes may be parts of characters.
    last = scan.mix->lastCut({begin, end - kMargin, end, false});
    if (!last || last == begin) last = begin + std::min<size_t>(kLongestJoined, end - begin);
    result.tail = tailOf(last, end, address + (last - begin));
  }
  const Range known = {};
  withSink(scan, known, labels, limit, workspace, result, [&](auto&& sink) {
    MixedStrings(*scan.mix, scan.wanted, scan.inMemory, *scan.kernel, workspace.edges, workspace.mixed, sink)
        .find(begin, last, address);
  });
  return result;
}

}  // namespace memscan
