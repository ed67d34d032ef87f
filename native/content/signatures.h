// Well-known content, recognized by its first bytes.
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

/// Counts the well-known content that begins in the bytes (one page or a part of it) at addresses that are multiples of
/// 16, where malloc places it. `begin` is such an address. The bytes that identify content must be within `length`.
/// More than the magic number is checked, because short ones would occur by chance.
void countSignatures(const uint8_t* begin, size_t length, SignatureCounts& counts);

}  // namespace memscan
