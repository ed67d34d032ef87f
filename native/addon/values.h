// JavaScript's values as ours, and back. Values are what src/native.ts says: only their shape is relied on.
#pragma once

#include <napi.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "../kernels/kernel.h"
#include "../memory/pages.h"
#include "../memory/source.h"
#include "../output/line_buffer.h"
#include "../output/region_label.h"
#include "../text/text.h"

namespace memscan {

/// Throws where this CPU cannot run it.
const Kernel* kernelNamed(Napi::Env env, const std::string& name);

uint64_t toUint64(const Napi::Value& value);

/// Pairs: start, end.
std::vector<Range> toRanges(const Napi::Value& value);

/// Triples: start, end, whether to ask for kFile.
std::vector<PageSpan> toPageSpans(const Napi::Value& value);

/// Triples: start, end, offset in the file. Nothing where the value is no array.
std::optional<std::vector<StoredRange>> toStoredRanges(const Napi::Value& value);

/// `shape` holds for each chunk: how many of the ranges it has, bytes before and bytes after.
std::vector<Chunk> toChunks(const Napi::Value& ranges, const Napi::Value& shape);

/// Empty where the value is no array.
std::vector<uint8_t> toBytes(const Napi::Value& value);

/// { needles: { bytes, ignoreCase }[] } or { run: { bytes, length } }. Throws where no memory could meet it, or all
/// would.
Condition toCondition(const Napi::Object& value);

/// The needles of such an object; none where it has a run.
std::vector<Needle> toNeedles(const Napi::Object& value);

/// { starts: BigUint64Array, texts: string[] }
std::vector<RegionLabel> toLabels(const Napi::Value& value);

/// By its number, which is its place in src/native.ts's list.
Encoding toEncoding(const Napi::Value& value);

/// Hand the bytes over without copying them, but for a few.
Napi::Value toBuffer(Napi::Env env, std::string bytes);
Napi::Value toBuffer(Napi::Env env, LineBuffer lines);

const char* nameOf(ReadStatus status);

template <class Array>
Napi::Value toTypedArray(Napi::Env env, const auto& values) {
  auto array = Array::New(env, values.size());
  std::copy(values.begin(), values.end(), array.Data());
  return array;
}

}  // namespace memscan
