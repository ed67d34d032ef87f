// Sources for JavaScript: a process, a core or a file.
#pragma once

#include <napi.h>

#include <cstdint>
#include <memory>

#include "open_source.h"

namespace memscan {

/// The most bytes of one readEach(), all addresses together.
inline constexpr int64_t kLargestRead = 1 << 30;

/// new Source(pid, fd, core?): a process by its open /proc/PID/pagemap; with pid 0 a file, which is a core if `core`
/// lists the memory it contains, as triples (start, end, offset in the file). The descriptor is duplicated.
class SourceObject : public Napi::ObjectWrap<SourceObject> {
 public:
  static Napi::Function define(Napi::Env env);

  explicit SourceObject(const Napi::CallbackInfo& info);

  /// Throws if the source is closed.
  std::shared_ptr<const OpenSource> get(Napi::Env env) const;

 private:
  Napi::Value listPages(const Napi::CallbackInfo& info);
  Napi::Value countPages(const Napi::CallbackInfo& info);
  Napi::Value readEach(const Napi::CallbackInfo& info);
  Napi::Value copy(const Napi::CallbackInfo& info);
  void close(const Napi::CallbackInfo& info);

  const bool isProcess_;
  std::shared_ptr<const OpenSource> source_;
};

}  // namespace memscan
