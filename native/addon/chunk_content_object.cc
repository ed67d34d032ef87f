#include "chunk_content_object.h"

#include <utility>

namespace memscan {

Napi::Value toContent(Napi::Env env, ChunkContent content) {
  auto value = Napi::Object::New(env);
  value.Set("length", static_cast<double>(content.footprint()));
  value.Set("content", Napi::External<ChunkContent>::New(env, new ChunkContent(std::move(content)),
                                                         [](Napi::Env, ChunkContent* done) { delete done; }));
  return value;
}

ChunkContent takeContent(const Napi::Value& value) {
  const auto external = value.As<Napi::Object>().Get("content").As<Napi::External<ChunkContent>>();
  return std::exchange(*external.Data(), {});
}

}  // namespace memscan
