// Finding the strings of several encodings at once.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "../kernels/kernel.h"
#include "../memory/source.h"
#include "../search/strings.h"
#include "candidates.h"

namespace memscan {

/// A thread's scratch memory for strings of several encodings.
struct MixedWorkspace {
  std::vector<Candidate> candidates;
  Buffer text;
};

/// Finds the strings of memory whose ends are cuts (see Mix), or the ends of readable memory. `Sink`: see StringFinder;
/// it receives strings whose bytes are UTF-8, and so are the conditions of `wanted`. `inMemory`: conditions that memory
/// meets wherever a string meets one of `wanted`; empty if unknown.
template <class Sink>
class MixedStrings {
 public:
  MixedStrings(const Mix& mix, const Wanted& wanted, std::span<const Condition> inMemory, const Kernel& kernel,
               EdgeBuffer& edges, MixedWorkspace& workspace, Sink& sink)
      : mix_(mix),
        wanted_(wanted),
        inMemory_(inMemory),
        kernel_(kernel),
        edges_(edges),
        workspace_(workspace),
        sink_(sink) {}

  /// `address` is the address of `begin`. Returns false if the sink stopped the search.
  bool find(const uint8_t* begin, const uint8_t* end, uint64_t address) {
    return inMemory_.empty() ? findAll(begin, end, address) : findWithCondition(begin, end, address);
  }

 private:
  // Finding the cuts around an occurrence takes as long as finding the strings of this many bytes.
  static constexpr size_t kFarApart = 1024;
  static constexpr size_t kMany = 16;

  // Scans only between the cuts around each occurrence, or everything if there are many.
  bool findWithCondition(const uint8_t* begin, const uint8_t* end, uint64_t address) {
    ConditionFinder finder(kernel_, inMemory_, begin, end);
    size_t found = 0;
    for (const uint8_t* from = begin; from < end; found++) {
      if (found >= kMany && from - begin < static_cast<ptrdiff_t>(found * kFarApart)) {
        return findAll(from, end, address + (from - begin));
      }
      const Occurrence occurrence = finder.find(from);
      if (occurrence.begin == end) return true;
      const uint8_t* const before = mix_.lastCut({from, occurrence.begin, end, false});
      const uint8_t* const after = mix_.firstCut({occurrence.begin + occurrence.length, end, end, true});
      if (before) from = before;
      const uint8_t* const to = after ? after : end;
      if (!findAll(from, to, address + (from - begin))) return false;
      from = to;
    }
    return true;
  }

  bool findAll(const uint8_t* begin, const uint8_t* end, uint64_t address) {
    std::vector<Candidate>& candidates = workspace_.candidates;
    candidates.clear();
    collectPlain(begin, end);
    CandidateCollector collector(mix_, candidates);
    mix_.eachFinder({begin, end, end, false}, collector, [](auto& finder) {
      finder.find();
      finder.endAll();
    });
    // With equal evidence, the one at an even address is likelier.
    for (Candidate& candidate : candidates) {
      if (isUtf16(candidate.encoding)) candidate.against = (address + (candidate.begin - begin)) & 1;
    }
    dropOverlapped(candidates);
    for (const Candidate& candidate : candidates) {
      if (!candidate.dropped && !add(candidate, address + (candidate.begin - begin))) return false;
    }
    return true;
  }

  struct PlainSink {
    static constexpr bool kCountOnly = false;
    std::vector<Candidate>& candidates;
    Encoding encoding;

    bool add(const String& string) {
      candidates.push_back({string.bytes, string.bytes + string.length, string.characters, encoding});
      return true;
    }
  };

  void collectPlain(const uint8_t* begin, const uint8_t* end) {
    if (!mix_.plain()) return;
    const Segment segment = {0, begin, static_cast<uint32_t>(end - begin), false, false};
    const Wanted wanted = {*mix_.plain(), mix_.minLength(), {}, false};
    PlainSink sink = {workspace_.candidates, *mix_.plain()};
    Partials none;
    StringFinder(segment, wanted, sink, none).find(kernel_, edges_);
  }

  bool add(const Candidate& candidate, uint64_t address) {
    const uint32_t length = static_cast<uint32_t>(candidate.end - candidate.begin);
    String string = {address, candidate.begin, length, candidate.characters, length, candidate.encoding};
    if (candidate.encoding == mix_.plain()) {
      string.encoding = mix_.nameOfPlain(length == candidate.characters);
    } else if (!Sink::kCountOnly || !wanted_.conditions.empty()) {
      string.bytes = utf8Of(candidate, workspace_.text, string.length);
    }
    return !isWanted(string) || sink_.add(string);
  }

  bool isWanted(String& string) const {
    if (wanted_.conditions.empty()) return true;
    const uint8_t* const end = string.bytes + string.length;
    const Occurrence occurrence = ConditionFinder(kernel_, wanted_.conditions, string.bytes, end).find(string.bytes);
    if (occurrence.begin != end && !wanted_.unmet) string.met = occurrence;
    return (occurrence.begin != end) != wanted_.unmet;
  }

  const Mix& mix_;
  const Wanted& wanted_;
  const std::span<const Condition> inMemory_;
  const Kernel& kernel_;
  EdgeBuffer& edges_;
  MixedWorkspace& workspace_;
  Sink& sink_;
};

}  // namespace memscan
