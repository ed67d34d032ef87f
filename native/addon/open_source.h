// Open sources, which jobs share.
#pragma once

#include <sys/types.h>

#include <memory>
#include <optional>
#include <vector>

#include "../memory/source.h"

namespace memscan {

/// A descriptor that its owner closes when destroyed; -1 = none.
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

/// A source with the descriptors it reads from. Jobs in progress share it. The given descriptor is duplicated, so that
/// nobody can close it, and another file cannot get its number, while they run.
struct OpenSource {
  /// Opens a process by its pid and its open /proc/PID/pagemap; with pid 0 a file, which is a core if `core` lists the
  /// memory it contains.
  OpenSource(pid_t pid, int fd, std::optional<std::vector<StoredRange>> core);

  const Descriptor descriptor;
  const Descriptor process;
  std::unique_ptr<const Source> source;
};

}  // namespace memscan
