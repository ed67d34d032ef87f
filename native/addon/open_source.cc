#include "open_source.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <utility>

namespace memscan {

Descriptor::~Descriptor() {
  if (fd_ >= 0) close(fd_);
}

OpenSource::OpenSource(pid_t pid, int fd, std::optional<std::vector<StoredRange>> core)
    : descriptor(fcntl(fd, F_DUPFD_CLOEXEC, 3)), process(pid ? static_cast<int>(syscall(SYS_pidfd_open, pid, 0)) : -1) {
  if (pid) {
    source = std::make_unique<ProcessSource>(pid, descriptor.get(), process.get());
  } else if (core) {
    source = std::make_unique<CoreSource>(descriptor.get(), std::move(*core));
  } else {
    source = std::make_unique<FileSource>(descriptor.get());
  }
}

}  // namespace memscan
