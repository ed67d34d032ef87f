#include "page_size.h"

#include <unistd.h>

namespace memscan {

uint64_t pageSize() {
  static const uint64_t size = sysconf(_SC_PAGESIZE);
  return size;
}

}  // namespace memscan
