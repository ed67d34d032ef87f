// The writer of lines, for strings that JavaScript joins.
#pragma once

#include <napi.h>

#include <memory>

#include "../output/lines.h"

namespace memscan {

/// new LineWriter(style): see LineStyle.
class LineWriterObject : public Napi::ObjectWrap<LineWriterObject> {
 public:
  static Napi::Function define(Napi::Env env);

  explicit LineWriterObject(const Napi::CallbackInfo& info);

  std::shared_ptr<const LineWriter> get() const { return writer_; }

 private:
  Napi::Value write(const Napi::CallbackInfo& info);
  Napi::Value writeRecords(const Napi::CallbackInfo& info);

  std::shared_ptr<const LineWriter> writer_;
};

}  // namespace memscan
