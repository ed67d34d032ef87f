// The families of a target: the largest ones, in memory that does not grow with the target.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "chunk_content.h"
#include "granule.h"

namespace memscan {

/// Families that the table keeps: the largest ones.
inline constexpr size_t kTableFamilies = 4096;

/// Heavy hitters by bytes after Misra and Gries, over granules in order of address ("Mergeable summaries", Agarwal et
/// al., 2012). The reported bytes of a family are never too many, and too few by its error at most; a family that is
/// missing has no more bytes than that. If all families have N bytes, no error exceeds N / (kGranuleFamilies + 1) + N /
/// (kTableFamilies + 1), about 0.22 % of N, and it is 0 if there are few shapes.
class FamilyTable {
 public:
  /// Adds the content of a chunk. Chunks, and strings between them, come in order of address.
  void add(ChunkContent&& content);

  /// Adds a string that crosses chunks.
  void add(const Member& member);

  /// Completes the table after the last addition: keeps kTableFamilies at most.
  void finish();

  struct Entry {
    Family family;
    int64_t errorBase;  // its error is this plus what all granules have lost
  };

  const std::vector<Entry>& entries() const { return entries_; }
  uint64_t errorOf(const Entry& entry) const { return static_cast<uint64_t>(entry.errorBase + lost_); }
  uint64_t strings() const { return strings_; }
  uint64_t bytes() const { return bytes_; }
  const ChunkTotals& totals() const { return totals_; }

 private:
  void addPart(Granule&& part);
  void open(uint64_t number);
  void close();
  void take(Granule&& granule);
  void prune(size_t most);
  uint64_t upperBound(const Entry& entry) const { return entry.family.bytes() + errorOf(entry); }

  Granule open_ = {};  // the present granule; more strings of it may come
  std::unordered_map<uint64_t, size_t> openIndex_;

  std::vector<Entry> entries_;
  std::unordered_map<uint64_t, size_t> index_;
  int64_t lost_ = 0;     // by all granules: bytes of one family, at most
  uint64_t absent_ = 0;  // bytes of a family without an entry, at most
  uint64_t strings_ = 0;
  uint64_t bytes_ = 0;
  ChunkTotals totals_ = {};
};

}  // namespace memscan
