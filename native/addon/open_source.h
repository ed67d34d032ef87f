// What jobs read by.
#pragma once

#include <sys/types.h>

#include <memory>
#include <optional>
#include <vector>

#include "../memory/source.h"

namespace memscan {

/// A descriptor of our own, closed with its owner.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor();
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  const int fd_;
};

/// A source with the descriptors it reads by; jobs under way share it. The one given is duplicated, so that it cannot
/// be closed, and its number taken by another file, while they are.
struct OpenSource {
  /// A process, or with pid 0 a file, which is a core where it is told what memory it holds.
  OpenSource(pid_t pid, int fd, std::optional<std::vector<StoredRange>> core);

  const Descriptor descriptor;
  const Descriptor process;
  std::unique_ptr<const Source> source;
};

}  // namespace memscan
