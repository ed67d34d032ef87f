#include "signatures.h"

#include <bit>
#include <cstring>
#include <optional>
#include <string_view>

#include "../text/text.h"
#include "beginnings.h"
#include "kernel.h"

namespace memscan {

namespace {

bool startsWith(const uint8_t* p, size_t length, std::string_view magic) {
  return length >= magic.size() && std::memcmp(p, magic.data(), magic.size()) == 0;
}

uint32_t bigEndian16(const uint8_t* p) { return uint32_t{p[0]} << 8 | p[1]; }

// RFC 1952: deflate, no reserved flags, and values of the extra flags and the system that are in use.
bool isGzip(const uint8_t* p, size_t length) {
  if (length < 10 || p[1] != 0x8b || p[2] != 8 || p[3] & 0xe0) return false;
  return (p[8] == 0 || p[8] == 2 || p[8] == 4) && (p[9] <= 13 || p[9] == 255);
}

/// The bits of a deflate stream, the lowest of each byte first.
class Bits {
 public:
  Bits(const uint8_t* p, size_t length) : p_(p), bits_(8 * length) {}

  uint32_t take(uint32_t count) {
    uint32_t value = 0;
    for (uint32_t i = 0; i < count && at_ < bits_; i++, at_++) value |= uint32_t(p_[at_ / 8] >> at_ % 8 & 1) << i;
    return value;
  }

 private:
  const uint8_t* const p_;
  const size_t bits_;
  size_t at_ = 0;
};

// RFC 1950 and 1951: the first deflate block is stored, with its length twice, or has dynamic Huffman codes, whose code
// length code is complete.
bool isZlib(const uint8_t* p, size_t length) {
  if (length < 24 || bigEndian16(p) % 31 != 0 || p[1] & 0x20) return false;
  Bits bits(p + 2, length - 2);
  bits.take(1);
  const uint32_t type = bits.take(2);
  if (type == 0) return (p[3] ^ p[5]) == 0xff && (p[4] ^ p[6]) == 0xff && (p[3] || p[4]);
  if (type != 2) return false;
  const uint32_t literals = bits.take(5);
  const uint32_t distances = bits.take(5);
  if (literals > 29 || distances > 29) return false;
  const uint32_t codes = bits.take(4) + 4;
  uint32_t used = 0;  // of 128: a code of 7 bits uses 1
  for (uint32_t i = 0; i < codes; i++) {
    if (const uint32_t size = bits.take(3)) used += 128u >> size;
  }
  return used == 128;
}

bool isJpeg(const uint8_t* p, size_t length) {
  if (length < 12 || p[1] != 0xd8 || p[2] != 0xff) return false;
  if (p[3] == 0xe0) return startsWith(p + 6, length - 6, "JFIF");
  if (p[3] == 0xe1) return startsWith(p + 6, length - 6, "Exif") || startsWith(p + 6, length - 6, "http");
  return p[3] == 0xdb && bigEndian16(p + 4) % 65 == 2 && (p[6] & 0xee) == 0;
}

// Java Virtual Machine Specification, chapter 4: class file versions from 1.1 to beyond Java 30, then the constant
// pool.
bool isJavaClass(const uint8_t* p, size_t length) {
  if (length < 11 || !startsWith(p, length, "\xca\xfe\xba\xbe")) return false;
  return bigEndian16(p + 6) >= 45 && bigEndian16(p + 6) < 100 && bigEndian16(p + 8) > 1 && p[10] >= 1 && p[10] <= 20;
}

bool isElf(const uint8_t* p, size_t length) {
  return length >= 7 && startsWith(p, length, "\x7f\x45LF") && p[4] >= 1 && p[4] <= 2 && p[5] >= 1 && p[5] <= 2 &&
         p[6] == 1;
}

// RFC 8446, 5.1, and RFC 5246: type, version, length. A handshake message's own length must fit, too.
bool isTls(const uint8_t* p, size_t length) {
  if (length < 9 || p[1] != 3 || p[2] < 1 || p[2] > 3) return false;
  const uint32_t size = bigEndian16(p + 3);
  if (size == 0 || size > 16384 + 256) return false;
  switch (p[0]) {
    case 20:
      return size == 1 && p[5] == 1;
    case 21:
      return size == 2 && (p[5] == 1 || p[5] == 2);
    case 22:
      return (p[5] <= 4 || p[5] == 8 || (p[5] >= 11 && p[5] <= 16) || p[5] == 20) && p[6] == 0 &&
             bigEndian16(p + 7) + 4 <= size;
    default:
      return p[2] == 3 && size >= 24;  // encrypted data: version, and room for the authentication tag
  }
}

/// Reads a number of up to ten bytes, seven bits each.
std::optional<uint64_t> takeVarint(const uint8_t*& p, const uint8_t* end) {
  uint64_t value = 0;
  for (int shift = 0; shift < 70 && p < end; shift += 7) {
    value |= uint64_t{*p & 0x7fu} << (shift & 63);
    if (!(*p++ & 0x80)) return value;
  }
  return std::nullopt;
}

bool isAscii(const uint8_t* begin, const uint8_t* end) {
  for (; begin < end; begin++) {
    if (!isAsciiText(*begin)) return false;
  }
  return true;
}

// protobuf.dev/programming-guides/encoding: fields in order of number, with types in use, and texts among them. The
// format has no magic number, so at least four fields and eight bytes of text are required.
bool isProtobuf(const uint8_t* p, size_t length) {
  const uint8_t* const end = p + length;
  uint64_t last = 0;
  size_t fields = 0;
  size_t text = 0;
  while (p < end) {
    const uint8_t* const begin = p;
    const auto tag = takeVarint(p, end);
    const uint64_t number = tag ? *tag >> 3 : 0;
    if (number == 0 || number > last + 16 || number < last) break;
    const auto type = *tag & 7;
    const auto value = type == 0 || type == 2 ? takeVarint(p, end) : std::optional<uint64_t>(type == 1 ? 8 : 4);
    if (!value || (type != 0 && type != 1 && type != 2 && type != 5)) return false;
    if (type != 0) {
      if (*value > static_cast<uint64_t>(end - p)) {
        p = begin;
        break;
      }
      if (type == 2 && *value >= 4 && isAscii(p, p + *value)) text += *value;
      p += *value;
    }
    last = number;
    fields++;
  }
  return fields >= 4 && text >= 8 && last >= 3;
}

bool isJson(const uint8_t* p, size_t length) {
  if (p[0] == '[') {
    if (length < 2 || p[1] != '{') return false;
    p++, length--;
  }
  if (length < 5 || p[0] != '{' || p[1] != '"') return false;
  const uint8_t* const end = p + (length < 64 ? length : 64);
  const uint8_t* key = p + 2;
  while (key < end && isAsciiText(*key) && *key != '"') key++;
  return key + 1 < end && *key == '"' && key[1] == ':';
}

bool isHttp(const uint8_t* p, size_t length) {
  for (const std::string_view start :
       {"GET /", "PUT /", "POST /", "HEAD /", "PATCH /", "DELETE /", "HTTP/1.0 ", "HTTP/1.1 "}) {
    if (startsWith(p, length, start)) return true;
  }
  return false;
}

std::optional<Signature> signatureAt(const uint8_t* p, size_t length) {
  if (!kBeginningPairs.hold(p)) return std::nullopt;
  const auto ifSo = [](bool is, Signature signature) { return is ? std::optional(signature) : std::nullopt; };
  switch (*p) {
    case 0x1f:
      return ifSo(isGzip(p, length), Signature::gzip);
    case 0x78:
      return ifSo(isZlib(p, length), Signature::zlib);
    case 0x89:
      return ifSo(startsWith(p, length, "\x89PNG\r\n\x1a\n"), Signature::png);
    case 0xff:
      return ifSo(isJpeg(p, length), Signature::jpeg);
    case 0xca:
      return ifSo(isJavaClass(p, length), Signature::javaClass);
    case 0x7f:
      return ifSo(isElf(p, length), Signature::elf);
    case 0x08:
    case 0x0a:
      return ifSo(isProtobuf(p, length), Signature::protobuf);
    case '{':
    case '[':
      return ifSo(isJson(p, length), Signature::json);
    case 'G':
    case 'P':
    case 'D':
    case 'H':
      return ifSo(isHttp(p, length), Signature::http);
    default:
      return ifSo(isTls(p, length), Signature::tls);
  }
}

}  // namespace

void countSignatures(const uint8_t* begin, size_t length, SignatureCounts& counts) {
  const auto countAt = [&](size_t at) {
    if (const auto found = signatureAt(begin + at, length - at)) counts[static_cast<size_t>(*found)]++;
  };
  constexpr size_t kBatch = kBeginnings * kBeginningStep;
  const auto findBeginnings = contentKernel().findBeginnings;
  size_t at = 0;
  for (; at + kBatch <= length; at += kBatch) {
    for (uint32_t found = findBeginnings(begin + at); found; found &= found - 1) {
      countAt(at + kBeginningStep * static_cast<size_t>(std::countr_zero(found)));
    }
  }
  for (; at + kBeginningStep <= length; at += kBeginningStep) countAt(at);
}

}  // namespace memscan
