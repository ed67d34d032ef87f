// The families of a target: those that take most, in memory that does not grow with it.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "chunk_content.h"
#include "granule.h"

namespace memscan {

/// Families kept at least: the widest.
inline constexpr size_t kTableFamilies = 4096;

/// Heavy hitters after Misra and Gries, by bytes, over granules in order of their addresses ("Mergeable summaries",
/// Agarwal et al., 2012). What is told of a family's bytes is never too much, and short by its error at most; a family
/// that is not told of has no more bytes than that. Of all families' N bytes, no error is greater than
/// N / (kGranuleFamilies + 1) + N / (kTableFamilies + 1), about 0.22 %, and it is none where few shapes are about.
class FamilyTable {
 public:
  /// Takes what a chunk held. Chunks, and strings between them, come in order of their addresses.
  void add(ChunkContent&& content);

  /// A string of its own: its text lies in no one chunk.
  void add(Member member, const std::string& location);

  /// After the last: leaves kTableFamilies at most.
  void finish();

  struct Entry {
    Family family;
    int64_t errorBase;  // its error is that and what all granules have lost
  };

  const std::vector<Entry>& entries() const { return entries_; }
  uint64_t errorOf(const Entry& entry) const { return static_cast<uint64_t>(entry.errorBase + lost_); }
  const std::vector<std::string>& locations() const { return locations_; }
  uint64_t strings() const { return strings_; }
  uint64_t bytes() const { return bytes_; }
  const ChunkTotals& totals() const { return totals_; }

 private:
  uint32_t locationOf(const std::string& name);
  void addPart(Granule&& part);
  void open(uint64_t number);
  void close();
  void take(Granule&& granule);
  void prune(size_t most);
  uint64_t upperBound(const Entry& entry) const { return entry.family.bytes() + errorOf(entry); }

  std::vector<std::string> locations_;
  std::unordered_map<std::string, uint32_t> locationNumbers_;

  Granule open_ = {};  // more of it may come
  std::unordered_map<uint64_t, size_t> openIndex_;

  std::vector<Entry> entries_;
  std::unordered_map<uint64_t, size_t> index_;
  int64_t lost_ = 0;     // by all granules, of one family at most
  uint64_t absent_ = 0;  // bytes of a family that has no entry, at most
  uint64_t strings_ = 0;
  uint64_t bytes_ = 0;
  ChunkTotals totals_ = {};
};

}  // namespace memscan
