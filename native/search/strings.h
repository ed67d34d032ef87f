// From runs of bytes to strings: exact characters, lengths in characters, and what reaches a chunk's edges.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "../kernels/kernel.h"
#include "../memory/source.h"
#include "../text/text.h"
#include "condition_finder.h"

namespace memscan {

/// Which strings a scan reports.
struct Wanted {
  Encoding encoding;
  uint32_t minLength;                 // in characters, at least 1
  std::vector<Condition> conditions;  // only strings that meet any of them; if empty, all strings
  bool unmet;                         // instead, only strings that meet none of them
};

/// A run of text inside a chunk. `bytes` points into the job's buffer, which owns them; for encodings other than ASCII
/// and UTF-8 to a decoded copy, valid until the next string is decoded.
struct String {
  uint64_t address;
  const uint8_t* bytes;
  uint32_t length;      // of `bytes`, at least 1
  uint32_t characters;  // characters that begin in these bytes
  uint32_t memory;      // bytes in memory; differs from `length` if the text was decoded
  Encoding encoding;    // in memory; `bytes` are ASCII or UTF-8
  Occurrence met = {};  // the first occurrence of a condition, if the scan has conditions
};

/// A chunk's parts of strings that continue in other chunks. They may be shorter than wanted, and have not been tested
/// for conditions, whose occurrences may cross the edge.
struct Partials {
  std::optional<String> head;  // touches the chunk's start
  std::optional<String> tail;  // touches the chunk's end
  bool whole = false;          // head and tail are the same string: the whole chunk is text
};

/// A job's scratch memory for edges.
class EdgeBuffer {
 public:
  Edge* reserve(size_t count);

 private:
  std::unique_ptr<Edge[]> edges_;
  size_t count_ = 0;
};

inline uint32_t countCharacters(const uint8_t* begin, const uint8_t* end) {
  return static_cast<uint32_t>(std::count_if(begin, end, [](uint8_t byte) { return !isContinuation(byte); }));
}

/// Passes on the strings of one segment that meet no condition. A sink, see StringFinder.
template <class Sink>
class UnmetSink {
 public:
  static constexpr bool kCountOnly = false;

  UnmetSink(const Kernel& kernel, const Segment& segment, std::span<const Condition> conditions, Sink& sink)
      : finder_(kernel, conditions, segment.data, segment.data + segment.length), sink_(sink) {}

  bool add(const String& string) { return meets(string) || sink_.add(string); }

 private:
  // An occurrence that begins in the string may end beyond it, in bytes that are not text.
  bool meets(const String& string) {
    const uint8_t* const end = string.bytes + string.length;
    Occurrence occurrence = finder_.find(string.bytes);
    while (occurrence.begin < end && occurrence.begin + occurrence.length > end)
      occurrence = finder_.find(occurrence.begin + 1);
    return occurrence.begin < end;
  }

  ConditionFinder finder_;
  Sink& sink_;
};

/// Finds the wanted strings of one segment. `Sink` is a class with `bool add(const String&)`, which receives the
/// strings in order of address and returns false to stop. It is a template parameter because virtual calls for millions
/// of strings are too slow. A sink with `kCountOnly` gets most strings as a number, by `addCounted(number)`.
template <class Sink>
class StringFinder {
 public:
  StringFinder(const Segment& segment, const Wanted& wanted, Sink& sink, Partials& partials)
      : data_(segment.data),
        end_(segment.data + segment.length),
        segment_(segment),
        wanted_(wanted),
        sink_(sink),
        partials_(partials) {}

  /// Also fills in the partials at open edges. Returns false if the sink stopped the search.
  bool find(const Kernel& kernel, EdgeBuffer& edges) {
    return wanted_.conditions.empty() || wanted_.unmet ? findAll(kernel, edges) : findWithCondition(kernel);
  }

 private:
  bool findAll(const Kernel& kernel, EdgeBuffer& edges);
  bool findWithCondition(const Kernel& kernel);
  bool decode(const Kernel& kernel, const uint8_t* begin, const uint8_t* end);
  bool add(const uint8_t* begin, const uint8_t* end, uint32_t characters);
  void addPartials(const Kernel& kernel);

  const uint8_t* characterAcross(const uint8_t* edge) const;

  String stringAt(const uint8_t* begin, const uint8_t* end, uint32_t characters) const {
    const uint32_t length = static_cast<uint32_t>(end - begin);
    return {segment_.address + (begin - data_), begin, length, characters, length, wanted_.encoding};
  }

  const uint8_t* const data_;
  const uint8_t* const end_;
  const Segment& segment_;
  const Wanted& wanted_;
  Sink& sink_;
  Partials& partials_;
};

template <class Sink>
bool StringFinder<Sink>::findAll(const Kernel& kernel, EdgeBuffer& buffer) {
  const RunSpec spec = {wanted_.encoding, std::min(wanted_.minLength, kLongestMinimum), segment_.openBefore,
                        segment_.openAfter, Sink::kCountOnly && wanted_.minLength <= kLongestMinimum};
  Edge* const edges = buffer.reserve(edgeCapacity(segment_.length));
  const RunCount count = kernel.findRuns(data_, segment_.length, spec, edges);
  if constexpr (Sink::kCountOnly) sink_.addCounted(count.counted);
  for (size_t i = 0; i < count.edges; i += 2) {
    const Run run = runAt(edges + i, spec, segment_.length);
    const uint8_t* const begin = data_ + run.begin;
    const uint8_t* const end = data_ + run.end;
    const bool inside = run.begin > 0 && run.end < segment_.length;
    const uint32_t length = run.end - run.begin;
    if (inside && !run.multibyte) {
      if (length >= wanted_.minLength && !sink_.add(stringAt(begin, end, length))) return false;
    } else if (inside && length / 4 < wanted_.minLength && countCharacters(begin, end) < wanted_.minLength) {
      continue;  // most runs in random bytes end here: decoding them is expensive
    } else if (!(run.multibyte ? decode(kernel, begin, end) : add(begin, end, length))) {
      return false;
    }
  }
  return true;
}

// Cuts a run that may contain multi-byte characters wherever it is not text.
template <class Sink>
bool StringFinder<Sink>::decode(const Kernel& kernel, const uint8_t* begin, const uint8_t* end) {
  const uint8_t* p = begin;
  if (begin == data_) {
    const uint8_t* const across = characterAcross(begin);
    if (across < begin) p = std::min(across + characterAt(across, wanted_.encoding).length, end);
  }
  while (begin < end) {
    if (begin == p && !characterAt(p, wanted_.encoding).length) {  // bytes that are not text mostly come in groups
      begin = ++p;
      continue;
    }
    const TextReach text = kernel.textAfter(p, end, wanted_.encoding);
    if (!add(begin, text.edge, text.characters)) return false;
    begin = p = text.edge + 1;
  }
  return true;
}

template <class Sink>
bool StringFinder<Sink>::add(const uint8_t* begin, const uint8_t* end, uint32_t characters) {
  if (begin >= end) return true;
  const bool head = segment_.openBefore && begin == data_;
  const bool tail = segment_.openAfter && end == end_;
  if (head || tail) {
    if (head) partials_.head = stringAt(begin, end, characters);
    if (tail) partials_.tail = stringAt(begin, end, characters);
    partials_.whole = head && tail;
    return true;
  }
  return characters < wanted_.minLength || sink_.add(stringAt(begin, end, characters));
}

// An occurrence need not begin or end where characters do. If it reaches into bytes that are not text, the search
// continues at its second byte: of all occurrences that begin at its first byte it is the shortest.
template <class Sink>
bool StringFinder<Sink>::findWithCondition(const Kernel& kernel) {
  addPartials(kernel);
  ConditionFinder finder(kernel, wanted_.conditions, data_, end_);
  const uint8_t* from = data_;
  for (;;) {
    const Occurrence occurrence = finder.find(from);
    if (occurrence.begin == end_) return true;
    const uint8_t* const character =
        isContinuation(*occurrence.begin) ? characterAcross(occurrence.begin) : occurrence.begin;
    const TextReach after = kernel.textAfter(character, end_, wanted_.encoding);
    if (after.edge < occurrence.begin + occurrence.length) {
      from = occurrence.begin + 1;
      continue;
    }
    from = after.edge;
    const TextReach before = kernel.textBefore(character, data_, wanted_.encoding);
    const bool partial = (segment_.openBefore && before.edge == data_) || (segment_.openAfter && after.edge == end_);
    if (partial) continue;
    const uint32_t across = character < data_;  // it begins before the string's first byte
    String string = stringAt(before.edge, after.edge, before.characters + after.characters - across);
    string.met = occurrence;
    if (string.characters >= wanted_.minLength && !sink_.add(string)) return false;
  }
}

template <class Sink>
void StringFinder<Sink>::addPartials(const Kernel& kernel) {
  if (segment_.openBefore) {
    const uint8_t* const across = characterAcross(data_);
    const uint8_t* const first = across < data_ ? across + characterAt(across, wanted_.encoding).length : data_;
    const TextReach text = kernel.textAfter(std::min(first, end_), end_, wanted_.encoding);
    if (text.edge > data_) add(data_, text.edge, countCharacters(data_, text.edge));
  }
  if (segment_.openAfter && !partials_.whole) {
    const TextReach text = kernel.textBefore(characterAcross(end_), data_, wanted_.encoding);
    if (text.edge < end_) add(text.edge, end_, countCharacters(text.edge, end_));
  }
}

// Returns the beginning of the character of text that crosses `edge`, or `edge` itself if there is none.
template <class Sink>
const uint8_t* StringFinder<Sink>::characterAcross(const uint8_t* edge) const {
  for (uint32_t back = 1; back <= 3; back++) {
    const uint8_t* const p = edge - back;
    if (isContinuation(*p)) continue;
    return characterAt(p, wanted_.encoding).length > back ? p : edge;
  }
  return edge;
}

}  // namespace memscan
