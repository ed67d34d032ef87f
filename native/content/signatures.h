// Well-known content, told by how it begins.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace memscan {

enum class Signature : uint8_t { gzip, zlib, png, jpeg, javaClass, elf, tls, protobuf, json, http };

inline constexpr size_t kSignatures = 10;
inline constexpr const char* kSignatureNames[] = {"gzip", "zlib", "png",      "jpeg", "class",
                                                  "elf",  "tls",  "protobuf", "json", "http"};

using SignatureCounts = std::array<uint64_t, kSignatures>;

/// Counts what begins in the bytes (one page or a part of it), at addresses that are multiples of 16, where malloc
/// begins things; `begin` is such a one. What of its first bytes tells it must be in them, too. More is looked at than
/// the magic number, or chance would bring many of the short ones.
void countSignatures(const uint8_t* begin, size_t length, SignatureCounts& counts);

}  // namespace memscan
