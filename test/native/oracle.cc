#include "oracle.h"

#include <algorithm>

using namespace memscan;

namespace {

bool isAt(const Asked::AskedNeedle& needle, const uint8_t* begin, const uint8_t* end) {
  if (static_cast<size_t>(end - begin) < needle.bytes.size()) return false;
  return std::equal(needle.bytes.begin(), needle.bytes.end(), begin, [&](uint8_t wanted, uint8_t byte) {
    return wanted == byte || (needle.ignoreCase && lowerCase(wanted) == lowerCase(byte));
  });
}

struct Collector {
  static constexpr bool kCountOnly = false;
  bool add(const String& string) {
    strings.push_back({string.address, string.length, string.characters});
    return true;
  }
  std::vector<Found> strings;
};

struct Counter {
  static constexpr bool kCountOnly = true;
  bool add(const String&) {
    counted++;
    return true;
  }
  void addCounted(uint64_t number) { counted += number; }
  uint64_t counted = 0;
};

template <class Sink>
Partials run(const Kernel& kernel, const Segment& segment, const Wanted& wanted, Sink& sink) {
  static EdgeBuffer edges;
  Partials partials;
  if (wanted.unmet) {
    UnmetSink unmet(kernel, segment, wanted.conditions, sink);
    StringFinder(segment, wanted, unmet, partials).find(kernel, edges);
  } else {
    StringFinder(segment, wanted, sink, partials).find(kernel, edges);
  }
  return partials;
}

std::optional<Found> asFound(const std::optional<String>& string) {
  if (!string) return std::nullopt;
  return Found{string->address, string->length, string->characters};
}

}  // namespace

size_t shapedLength(const std::string& text) {
  if (text.size() >= 128) return 128;
  const size_t last = text.find_last_of(")]}");
  if (last == std::string::npos || text[last] == ')') return text.size();
  const std::string rest = text.substr(last + 1);
  if (rest.empty() || rest.front() == ' ') return text.size();
  const bool isAscii = ((rest.front() | rest.back()) & 0x80) == 0;
  return rest.size() <= (isAscii ? 4 : 12) ? last + 1 : text.size();
}

uint8_t lowerCase(uint8_t byte) { return byte >= 'A' && byte <= 'Z' ? byte + ('a' - 'A') : byte; }

Condition Asked::condition() const {
  if (needles.empty())
    return *ClassRun::of({reinterpret_cast<const uint8_t*>(classBytes.data()), classBytes.size()}, runLength);
  std::vector<Needle> list;
  for (const AskedNeedle& needle : needles) {
    list.emplace_back(std::vector<uint8_t>(needle.bytes.begin(), needle.bytes.end()), needle.ignoreCase);
  }
  return anyOf(std::move(list));
}

size_t Asked::metAt(const uint8_t* begin, const uint8_t* end) const {
  if (needles.empty()) {
    const uint8_t* p = begin;
    while (p < end && static_cast<size_t>(p - begin) < runLength && *p && classBytes.find(*p) != std::string::npos) p++;
    return static_cast<size_t>(p - begin) == runLength ? runLength : 0;
  }
  size_t fewest = 0;
  for (const AskedNeedle& needle : needles) {
    if ((fewest == 0 || needle.bytes.size() < fewest) && isAt(needle, begin, end)) fewest = needle.bytes.size();
  }
  return fewest;
}

Occurrence Asked::firstIn(const uint8_t* from, const uint8_t* end) const {
  for (const uint8_t* p = from; p < end; p++) {
    if (const size_t length = metAt(p, end)) return {p, length};
  }
  return {end, 0};
}

// Determines which bytes are text, then the strings between those that are not.
Strings stringsOf(const Segment& segment, const Wanted& wanted, const std::optional<Asked>& asked) {
  const uint8_t* const data = segment.data;
  std::vector<bool> text(segment.length), first(segment.length);
  for (int64_t at = -3; at < segment.length; at++) {
    const uint32_t length = characterAt(data + at, wanted.encoding).length;
    for (int64_t i = at; i < at + length; i++) {
      if (i < 0 || i >= segment.length) continue;
      text[i] = true;
      first[i] = i == at;
    }
  }
  Strings result;
  for (uint32_t begin = 0; begin < segment.length;) {
    uint32_t end = begin;
    Found found = {segment.address + begin, 0, 0};
    for (; end < segment.length && text[end]; end++) found.characters += first[end];
    found.length = end - begin;
    const bool head = segment.openBefore && begin == 0;
    const bool tail = segment.openAfter && end == segment.length;
    if (found.length && head) result.head = found;
    if (found.length && tail) result.tail = found;
    if (found.length && (head || tail)) result.whole = head && tail;
    if (!head && !tail && found.characters >= wanted.minLength) result.strings.push_back(found);
    begin = end + 1;
  }
  if (asked) {
    std::erase_if(result.strings, [&](const Found& found) {
      const uint8_t* const begin = data + (found.address - segment.address);
      return asked->isMetIn(begin, begin + found.length) == wanted.unmet;
    });
  }
  return result;
}

KernelStrings findStrings(const Kernel& kernel, const Segment& segment, Wanted wanted,
                          const std::optional<Asked>& asked) {
  if (asked) wanted.conditions.push_back(asked->condition());
  Collector collector;
  const Partials partials = run(kernel, segment, wanted, collector);
  Counter counter;
  run(kernel, segment, wanted, counter);
  return {{collector.strings, asFound(partials.head), asFound(partials.tail), partials.whole}, counter.counted};
}
