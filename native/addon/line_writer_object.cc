#include "line_writer_object.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "values.h"

namespace memscan {

Napi::Function LineWriterObject::define(Napi::Env env) {
  return DefineClass(env, "LineWriter", {InstanceMethod<&LineWriterObject::write>("write")});
}

LineWriterObject::LineWriterObject(const Napi::CallbackInfo& info) : Napi::ObjectWrap<LineWriterObject>(info) {
  const auto style = info[0].As<Napi::Object>();
  const auto flag = [&](const char* name) { return style.Get(name).As<Napi::Boolean>().Value(); };
  const auto number = [&](const char* name) { return style.Get(name).As<Napi::Number>().Uint32Value(); };
  writer_ = std::make_shared<LineWriter>(LineStyle{toEncoding(style.Get("encoding")), flag("json"), flag("showAddress"),
                                                   static_cast<uint8_t>(number("addressDigits")), flag("escapeTab"),
                                                   flag("color"), number("maxLength"), toBytes(style.Get("needle"))});
}

// (address: bigint, length: number, text: Uint8Array, cutBefore: boolean, cutAfter: boolean, matches: Uint32Array,
// labels?: Labels)
Napi::Value LineWriterObject::write(const Napi::CallbackInfo& info) {
  const auto text = info[2].As<Napi::Uint8Array>();
  const auto pairs = info[5].As<Napi::Uint32Array>();
  std::vector<Match> matches;
  const auto size = static_cast<uint32_t>(text.ByteLength());
  for (size_t i = 0; i + 1 < pairs.ElementLength(); i += 2) {
    const uint32_t begin = std::min(pairs[i], size);
    matches.push_back({begin, std::clamp(pairs[i + 1], begin, size)});
  }
  LineBuffer out;
  writer_->write({toUint64(info[0]),
                  static_cast<uint64_t>(info[1].As<Napi::Number>().Int64Value()),
                  {text.Data(), text.ByteLength()},
                  info[3].As<Napi::Boolean>().Value(),
                  info[4].As<Napi::Boolean>().Value(),
                  matches},
                 toLabels(info[6]), out);
  return toBuffer(info.Env(), std::move(out));
}

}  // namespace memscan
