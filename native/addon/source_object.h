// What reads: a process, a core or a file.
#pragma once

#include <napi.h>

#include <memory>

#include "open_source.h"

namespace memscan {

/// new Source(pid, fd, core?): a process by its open /proc/PID/pagemap, or with pid 0 a file, which is a core where
/// triples (start, end, offset) tell what memory it holds. The descriptor is duplicated.
class SourceObject : public Napi::ObjectWrap<SourceObject> {
 public:
  static Napi::Function define(Napi::Env env);

  explicit SourceObject(const Napi::CallbackInfo& info);

  /// Throws when it has been closed.
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
