#include "values.h"

#include <cstdlib>
#include <utility>

namespace memscan {

const Kernel* kernelNamed(Napi::Env env, const std::string& name) {
  for (const Kernel* const kernel : supportedKernels()) {
    if (kernel->name == name) return kernel;
  }
  throw Napi::Error::New(env, "no kernel of that name runs here");
}

uint64_t toUint64(const Napi::Value& value) {
  bool lossless;
  return value.As<Napi::BigInt>().Uint64Value(&lossless);
}

std::vector<Range> toRanges(const Napi::Value& value) {
  const auto array = value.As<Napi::BigUint64Array>();
  std::vector<Range> ranges;
  ranges.reserve(array.ElementLength() / 2);
  for (size_t i = 0; i + 1 < array.ElementLength(); i += 2) ranges.push_back({array[i], array[i + 1]});
  return ranges;
}

std::vector<PageSpan> toPageSpans(const Napi::Value& value) {
  const auto array = value.As<Napi::BigUint64Array>();
  std::vector<PageSpan> spans;
  spans.reserve(array.ElementLength() / 3);
  for (size_t i = 0; i + 2 < array.ElementLength(); i += 3)
    spans.push_back({{array[i], array[i + 1]}, array[i + 2] != 0});
  return spans;
}

std::optional<std::vector<StoredRange>> toStoredRanges(const Napi::Value& value) {
  if (!value.IsTypedArray()) return std::nullopt;
  const auto array = value.As<Napi::BigUint64Array>();
  std::vector<StoredRange> stored;
  stored.reserve(array.ElementLength() / 3);
  for (size_t i = 0; i + 2 < array.ElementLength(); i += 3) stored.push_back({{array[i], array[i + 1]}, array[i + 2]});
  return stored;
}

std::vector<Chunk> toChunks(const Napi::Value& rangesValue, const Napi::Value& layoutValue) {
  const std::vector<Range> ranges = toRanges(rangesValue);
  const auto layout = layoutValue.As<Napi::Uint32Array>();
  std::vector<Chunk> chunks;
  auto next = ranges.begin();
  for (size_t i = 0; i + 2 < layout.ElementLength(); i += 3) {
    const auto end = next + std::min<ptrdiff_t>(layout[i], ranges.end() - next);
    chunks.push_back({{next, end}, layout[i + 1], layout[i + 2]});
    next = end;
  }
  return chunks;
}

std::vector<uint8_t> toBytes(const Napi::Value& value) {
  if (!value.IsTypedArray()) return {};
  const auto array = value.As<Napi::Uint8Array>();
  return {array.Data(), array.Data() + array.ByteLength()};
}

std::vector<Needle> toNeedles(const Napi::Object& value) {
  std::vector<Needle> needles;
  if (value.Has("run")) return needles;
  const auto array = value.Get("needles").As<Napi::Array>();
  needles.reserve(array.Length());
  for (uint32_t i = 0; i < array.Length(); i++) {
    const auto needle = array.Get(i).As<Napi::Object>();
    std::vector<uint8_t> bytes = toBytes(needle.Get("bytes"));
    if (bytes.empty()) throw Napi::Error::New(value.Env(), "a needle has bytes");
    needles.emplace_back(std::move(bytes), needle.Get("ignoreCase").As<Napi::Boolean>());
  }
  return needles;
}

Condition toCondition(const Napi::Object& value) {
  if (value.Has("run")) {
    const auto run = value.Get("run").As<Napi::Object>();
    const auto condition = ClassRun::of(toBytes(run.Get("bytes")), run.Get("length").As<Napi::Number>().Uint32Value());
    if (!condition) throw Napi::Error::New(value.Env(), "a class run is of ASCII text and has a length");
    return *condition;
  }
  std::vector<Needle> needles = toNeedles(value);
  if (needles.empty()) throw Napi::Error::New(value.Env(), "a condition has needles");
  return anyOf(std::move(needles));
}

std::vector<RegionLabel> toLabels(const Napi::Value& value) {
  std::vector<RegionLabel> labels;
  if (!value.IsObject()) return labels;
  const auto object = value.As<Napi::Object>();
  const auto starts = object.Get("starts").As<Napi::BigUint64Array>();
  labels.reserve(starts.ElementLength());
  if (object.Has("locations")) {
    const auto locations = object.Get("locations").As<Napi::Uint32Array>();
    if (locations.ElementLength() != starts.ElementLength()) {
      throw Napi::RangeError::New(value.Env(), "locations and their starts differ");
    }
    for (uint32_t i = 0; i < starts.ElementLength(); i++) labels.push_back({starts[i], {}, locations[i]});
    return labels;
  }
  const auto texts = object.Get("texts").As<Napi::Array>();
  for (uint32_t i = 0; i < starts.ElementLength(); i++) {
    labels.push_back({starts[i], texts.Get(i).As<Napi::String>().Utf8Value()});
  }
  return labels;
}

Napi::Value toBuffer(Napi::Env env, std::string bytes) {
  if (bytes.size() < 4096) return Napi::Buffer<char>::Copy(env, bytes.data(), bytes.size());
  auto* const kept = new std::string(std::move(bytes));
  return Napi::Buffer<char>::NewOrCopy(
      env, kept->data(), kept->size(), [](Napi::Env, char*, std::string* done) { delete done; }, kept);
}

Napi::Value toBuffer(Napi::Env env, LineBuffer lines) {
  const size_t size = lines.size();
  uint8_t* const bytes = lines.release();
  if (!bytes) return Napi::Buffer<uint8_t>::New(env, 0);
  return Napi::Buffer<uint8_t>::NewOrCopy(env, bytes, size, [](Napi::Env, uint8_t* done) { std::free(done); });
}

const char* nameOf(ReadStatus status) {
  switch (status) {
    case ReadStatus::ok:
      return "ok";
    case ReadStatus::ended:
      return "ended";
    case ReadStatus::notPermitted:
      return "not-permitted";
    default:
      return "failed";
  }
}

Encoding toEncoding(const Napi::Value& value) {
  return static_cast<Encoding>(value.As<Napi::Number>().Uint32Value() % kEncodings);
}

}  // namespace memscan
