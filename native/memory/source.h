// Sources of bytes: a live process or a file, read into a buffer that kernels can run on.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace memscan {

/// Addresses in a process, or offsets in a file: [start, end).
struct Range {
  uint64_t start;
  uint64_t end;
};

/// Bytes on each side of a chunk's edge that a character across the edge may occupy.
inline constexpr uint64_t kMargin = 3;

/// The memory that one read brings. Ranges are in order and do not touch each other.
struct Chunk {
  std::vector<Range> ranges;
  uint32_t before;  // bytes to read right before the first range, to see what crosses the edge
  uint32_t after;   // bytes to read right after the last range
};

/// Contiguous bytes that were read, without a hole. Kernels may read kReadBefore and kReadAfter bytes beyond the ends.
struct Segment {
  uint64_t address;
  const uint8_t* data;
  uint32_t length;
  bool openBefore;  // another chunk may contain the bytes before the first one
  bool openAfter;
  uint32_t before = 0;  // readable bytes of the chunk's margin right before the first byte
  uint32_t after = 0;   // readable bytes of the margin right after the last byte
};

/// Memory that a job reads into, in huge pages if the kernel grants them.
class Buffer {
 public:
  /// Returns at least `size` readable and writable bytes, which the buffer owns. They may hold data of an earlier
  /// chunk.
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
  ended,         // the process has ended, or executes another program
  notPermitted,  // the process may no longer be read: its user changed
  failed,
};

struct ReadResult {
  ReadStatus status = ReadStatus::ok;
  int error = 0;  // errno if the status is `failed`
  uint64_t bytesRead = 0;
  uint64_t bytesUnreadable = 0;
  std::vector<Segment> segments;
};

class Source {
 public:
  virtual ~Source() = default;

  /// Reads the chunk into `buffer`. Unreadable memory becomes a hole between segments, and its bytes are counted. The
  /// segments point into `buffer`.
  ReadResult read(const Chunk& chunk, Buffer& buffer) const;

  /// Reads the ranges to `to`, one after the other. Unreadable memory becomes zeros there, and a hole between segments.
  ReadResult copy(const std::vector<Range>& ranges, uint8_t* to) const;

 protected:
  /// A range of memory and where in the buffer its bytes go.
  struct Piece {
    uint64_t start;
    uint64_t length;
    uint8_t* to;
  };

  /// Reads pieces from byte `offset` of pieces[index] on. Returns the number of bytes read, or -errno. Fewer bytes than
  /// asked for mean that the next one could not be read.
  virtual ssize_t readSome(const std::vector<Piece>& pieces, size_t index, uint64_t offset) const = 0;
  virtual bool isAlive() const { return true; }

 private:
  ReadResult readPieces(const Chunk& chunk, const std::vector<Piece>& pieces) const;
};

/// The memory of process `pid`, read with process_vm_readv. `pagemapFd` is its /proc/PID/pagemap, opened when the
/// caller had identified the process; the file returns nothing once its address space is gone. `pidFd` is a pidfd of
/// the process, or -1 before Linux 5.3. Together they prevent reading another process that gets the same pid. The
/// caller keeps the descriptors open.
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

/// A file by its descriptor, which the caller keeps open. Addresses are offsets in the file.
class FileSource : public Source {
 public:
  explicit FileSource(int fd) : fd_(fd) {}

 private:
  ssize_t readSome(const std::vector<Piece>& pieces, size_t index, uint64_t offset) const override;

  const int fd_;
};

/// A range of memory whose bytes a file contains from `offset` on.
struct StoredRange {
  Range range;
  uint64_t offset;
};

/// A core file, which contains memory from many addresses. `stored` is in order and does not overlap. The caller keeps
/// `fd` open.
class CoreSource : public Source {
 public:
  CoreSource(int fd, std::vector<StoredRange> stored) : fd_(fd), stored_(std::move(stored)) {}

 private:
  ssize_t readSome(const std::vector<Piece>& pieces, size_t index, uint64_t offset) const override;

  const int fd_;
  const std::vector<StoredRange> stored_;
};

}  // namespace memscan
