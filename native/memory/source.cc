#include "source.h"

#include <poll.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <new>

#include "../host/page_size.h"
#include "../kernels/kernel.h"

namespace memscan {

namespace {

constexpr size_t kHugePage = size_t{2} << 20;

uint64_t roundUp(uint64_t value, uint64_t unit) { return (value + unit - 1) / unit * unit; }

}  // namespace

uint8_t* Buffer::reserve(size_t size) {
  if (size > size_) {
    memory_.reset();
    size_ = roundUp(size, kHugePage);
    memory_.reset(static_cast<uint8_t*>(std::aligned_alloc(kHugePage, size_)));
    if (!memory_) {
      size_ = 0;
      throw std::bad_alloc();
    }
    madvise(memory_.get(), size_, MADV_HUGEPAGE);
  }
  return memory_.get();
}

void Buffer::Free::operator()(uint8_t* memory) const { std::free(memory); }

// Each range gets zeros before and after it. They belong to no character, so nothing joins across a hole.
ReadResult Source::read(const Chunk& chunk, Buffer& buffer) const {
  const size_t roomBefore = kReadBefore + roundUp(chunk.before, 64);
  size_t size = roomBefore + kReadAfter;
  for (const Range& range : chunk.ranges) size += roundUp(range.end - range.start + chunk.after, 64) + kReadBefore;
  uint8_t* at = buffer.reserve(size);
  std::memset(at, 0, roomBefore);
  at += roomBefore;

  std::vector<Piece> pieces;
  pieces.reserve(chunk.ranges.size());
  for (const Range& range : chunk.ranges) {
    const uint64_t length = range.end - range.start;
    pieces.push_back({range.start, length, at});
    uint8_t* const next = at + roundUp(length + chunk.after, 64) + kReadBefore;
    std::memset(at + length, 0, next - at - length);
    at = next;
  }
  pieces.front().start -= chunk.before;
  pieces.front().length += chunk.before;
  pieces.front().to -= chunk.before;
  pieces.back().length += chunk.after;

  return readPieces(chunk, pieces);
}

ReadResult Source::copy(const std::vector<Range>& ranges, uint8_t* to) const {
  std::vector<Piece> pieces;
  pieces.reserve(ranges.size());
  for (const Range& range : ranges) {
    pieces.push_back({range.start, range.end - range.start, to});
    to += range.end - range.start;
  }
  return readPieces({ranges, 0, 0}, pieces);
}

namespace {

// Collects the bytes that were read as segments. A segment's length excludes the margins; it counts their readable
// bytes.
class Segments {
 public:
  Segments(const Chunk& chunk, ReadResult& result) : chunk_(chunk), result_(result) {}

  // `to` points to the bytes from address `start` on.
  void add(size_t index, uint64_t start, uint64_t length, const uint8_t* to) {
    const bool goesOn = index == index_ && start == end_;
    if (!goesOn) begin_ = start;
    index_ = index;
    end_ = start + length;
    const Range& range = chunk_.ranges[index];
    const uint64_t begin = std::max(start, range.start);
    const uint64_t end = std::min(end_, range.end);
    if (begin < end) addInside(begin, end, to + (begin - start), goesOn);
    if (begin_ < range.end && end_ > range.end) {
      result_.segments.back().after = static_cast<uint32_t>(end_ - range.end);
    }
  }

 private:
  void addInside(uint64_t begin, uint64_t end, const uint8_t* bytes, bool goesOn) {
    const Range& range = chunk_.ranges[index_];
    const auto length = static_cast<uint32_t>(end - begin);
    const bool openAfter = chunk_.after && index_ == chunk_.ranges.size() - 1 && end == range.end;
    result_.bytesRead += length;
    if (goesOn && begin > range.start) {
      Segment& last = result_.segments.back();
      last.length += length;
      last.openAfter = openAfter;
    } else {
      const bool openBefore = chunk_.before && index_ == 0 && begin == range.start;
      const auto before = static_cast<uint32_t>(begin - begin_);
      result_.segments.push_back({begin, bytes, length, openBefore, openAfter, before});
    }
  }

  const Chunk& chunk_;
  ReadResult& result_;
  size_t index_ = 0;  // of the range whose bytes from begin_ to end_ were read last, margins included
  uint64_t begin_ = 0;
  uint64_t end_ = 0;
};

bool isHole(int error) { return error == EFAULT || error == EIO; }

ReadStatus statusOf(int error) {
  if (error == ESRCH) return ReadStatus::ended;
  return error == EPERM ? ReadStatus::notPermitted : ReadStatus::failed;
}

}  // namespace

ReadResult Source::readPieces(const Chunk& chunk, const std::vector<Piece>& pieces) const {
  ReadResult result;
  Segments segments(chunk, result);
  uint64_t offset = 0;
  for (size_t index = 0; index < pieces.size();) {
    const ssize_t count = readSome(pieces, index, offset);
    if (count < 0 && !isHole(static_cast<int>(-count))) {
      result.status = statusOf(static_cast<int>(-count));
      result.error = static_cast<int>(-count);
      return result;
    }
    // The bytes read may end in a later piece. If none were read, the page is a hole.
    uint64_t rest = count > 0 ? count : pageSize() - (pieces[index].start + offset) % pageSize();
    while (rest > 0 && index < pieces.size()) {
      const Piece& piece = pieces[index];
      const uint64_t length = std::min(rest, piece.length - offset);
      if (count > 0) {
        segments.add(index, piece.start + offset, length, piece.to + offset);
      } else {
        std::memset(piece.to + offset, 0, length);
        rest = length;
      }
      rest -= length;
      offset += length;
      if (offset == piece.length) {
        index++;
        offset = 0;
      }
    }
  }
  for (const Range& range : chunk.ranges) result.bytesUnreadable += range.end - range.start;
  result.bytesUnreadable -= result.bytesRead;
  if (!isAlive()) result.status = ReadStatus::ended;
  return result;
}

ssize_t ProcessSource::readSome(const std::vector<Piece>& pieces, size_t index, uint64_t offset) const {
  constexpr size_t kMost = 256;  // at most the kernel's IOV_MAX
  iovec local[kMost];
  iovec remote[kMost];
  size_t count = 0;
  for (; count < kMost && index + count < pieces.size(); count++) {
    const Piece& piece = pieces[index + count];
    const uint64_t skip = count == 0 ? offset : 0;
    local[count] = {piece.to + skip, piece.length - skip};
    remote[count] = {reinterpret_cast<void*>(piece.start + skip), piece.length - skip};
  }
  const ssize_t got = process_vm_readv(pid_, local, count, remote, count, 0);
  return got < 0 ? -errno : got;
}

// A read of a pagemap returns nothing once its address space is gone, after exec or when the process has ended; but a
// child may share the address space and outlive the process. A pidfd becomes readable when its process ends
// (pidfd_open(2)).
bool ProcessSource::isAlive() const {
  uint64_t entry;
  if (pread(pagemapFd_, &entry, sizeof entry, 0) != sizeof entry) return false;
  pollfd ended = {pidFd_, POLLIN, 0};
  return pidFd_ < 0 || poll(&ended, 1, 0) == 0;
}

ssize_t CoreSource::readSome(const std::vector<Piece>& pieces, size_t index, uint64_t offset) const {
  const Piece& piece = pieces[index];
  const uint64_t address = piece.start + offset;
  const auto after =
      std::upper_bound(stored_.begin(), stored_.end(), address,
                       [](uint64_t value, const StoredRange& stored) { return value < stored.range.start; });
  if (after == stored_.begin() || after[-1].range.end <= address) return -EFAULT;
  const StoredRange& stored = after[-1];
  const uint64_t length = std::min(piece.length - offset, stored.range.end - address);
  const ssize_t got =
      pread(fd_, piece.to + offset, length, static_cast<off_t>(stored.offset + (address - stored.range.start)));
  return got < 0 ? -errno : got;
}

ssize_t FileSource::readSome(const std::vector<Piece>& pieces, size_t index, uint64_t offset) const {
  const Piece& piece = pieces[index];
  const ssize_t got = pread(fd_, piece.to + offset, piece.length - offset, static_cast<off_t>(piece.start + offset));
  return got < 0 ? -errno : got;
}

}  // namespace memscan
