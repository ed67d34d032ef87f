// A file in memory to read from.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <span>

class MemoryFile {
 public:
  explicit MemoryFile(std::span<const uint8_t> bytes) : fd(memfd_create("test", MFD_CLOEXEC)) {
    for (size_t at = 0; at < bytes.size();) at += pwrite(fd, bytes.data() + at, bytes.size() - at, at);
  }
  MemoryFile(const MemoryFile&) = delete;
  ~MemoryFile() { close(fd); }

  const int fd;
};
