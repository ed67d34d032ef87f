// Where bytes come from: a live process or a file, read into a buffer the kernels can run on.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace memscan {

/// Addresses of a process, or offsets of a file: [start, end).
struct Range {
  uint64_t start;
  uint64_t end;
};

/// Bytes beyond a chunk's edges that a character across them may take.
inline constexpr uint64_t kMargin = 3;

/// What one chunk job reads. Ranges are in order and do not touch each other.
struct Chunk {
  std::vector<Range> ranges;
  uint32_t before;  // bytes right before the first range that other chunks have: read to know what lies across the edge
  uint32_t after;   // likewise behind the last
};

/// Bytes that were read without a hole, with room around them for the kernels' reads beyond both ends.
struct Segment {
  uint64_t address;
  const uint8_t* data;
  uint32_t length;
  bool openBefore;  // the chunk before may hold what belongs before the first byte
  bool openAfter;
  uint32_t before = 0;  // bytes of the chunk's margin that could be read, right before the first byte
  uint32_t after = 0;   // likewise behind the last
};

/// A job's memory for what it reads, in huge pages where the kernel grants them.
class Buffer {
 public:
  /// Readable and writable bytes, at least `size`. What an earlier chunk left is still there.
  uint8_t* reserve(size_t size);

 private:
  struct Free {
    void operator()(uint8_t* memory) const;
  };
  std::unique_ptr<uint8_t, Free> memory_;
  size_t size_ = 0;
};

enum class ReadStatus {
  ok,
  ended,         // the process is gone, or has become another program
  notPermitted,  // it may no longer be read (it changed its user)
  failed,
};

struct ReadResult {
  ReadStatus status = ReadStatus::ok;
  int error = 0;  // errno, where status is `failed`
  uint64_t bytesRead = 0;
  uint64_t bytesUnreadable = 0;
  std::vector<Segment> segments;
};

class Source {
 public:
  virtual ~Source() = default;

  /// Reads the chunk into `buffer`. Memory that cannot be read becomes a hole between segments and is counted.
  ReadResult read(const Chunk& chunk, Buffer& buffer) const;

  /// Reads the ranges side by side to `to`. Memory that cannot be read becomes zeros, and lies between the segments.
  ReadResult copy(const std::vector<Range>& ranges, uint8_t* to) const;

 protected:
  /// A stretch of memory on its way into the buffer.
  struct Piece {
    uint64_t start;
    uint64_t length;
    uint8_t* to;
  };

  /// Reads pieces from byte `offset` of number `index` on. Returns the bytes read, or -errno; fewer than asked means
  /// that the next byte could not be read.
  virtual ssize_t readSome(const std::vector<Piece>& pieces, size_t index, uint64_t offset) const = 0;
  virtual bool isAlive() const { return true; }

 private:
  ReadResult readPieces(const Chunk& chunk, const std::vector<Piece>& pieces) const;
};

/// The memory of process `pid`, by process_vm_readv. `pagemapFd` is its /proc/PID/pagemap, opened when it was known to
/// be the process that is meant: the file goes dead with the address space. `pidFd` (or -1, before Linux 5.3) is that
/// process's. So a later program under the same pid is never taken for it. The caller keeps the descriptors open.
class ProcessSource : public Source {
 public:
  ProcessSource(pid_t pid, int pagemapFd, int pidFd) : pid_(pid), pagemapFd_(pagemapFd), pidFd_(pidFd) {}

 private:
  ssize_t readSome(const std::vector<Piece>& pieces, size_t index, uint64_t offset) const override;
  bool isAlive() const override;

  const pid_t pid_;
  const int pagemapFd_;
  const int pidFd_;
};

/// A file by its descriptor, which the caller keeps open. Its addresses are offsets.
class FileSource : public Source {
 public:
  explicit FileSource(int fd) : fd_(fd) {}

 private:
  ssize_t readSome(const std::vector<Piece>& pieces, size_t index, uint64_t offset) const override;

  const int fd_;
};

/// Memory that a file holds, from `offset` on.
struct StoredRange {
  Range range;
  uint64_t offset;
};

/// A core: a file that holds memory of many addresses. Ranges are in order and apart.
class CoreSource : public Source {
 public:
  CoreSource(int fd, std::vector<StoredRange> stored) : fd_(fd), stored_(std::move(stored)) {}

 private:
  ssize_t readSome(const std::vector<Piece>& pieces, size_t index, uint64_t offset) const override;

  const int fd_;
  const std::vector<StoredRange> stored_;
};

}  // namespace memscan
