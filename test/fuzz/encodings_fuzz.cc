// For any bytes and encodings: however memory is cut into chunks, the joined strings are those of the whole, with every
// kernel. Each string's text is the UTF-8 of its bytes and has the wanted number of characters. A search for needles
// finds the strings that contain one. No character extends beyond the given end.
#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "../../native/encodings/needles.h"
#include "../../native/jobs/job.h"
#include "../native/memory_file.h"
#include "asked.h"
#include "layout.h"

using namespace memscan;

namespace {

using Bytes = std::span<const uint8_t>;

struct Text {
  uint64_t address;
  uint32_t length;
  Encoding encoding;
  std::string text;
  bool operator==(const Text&) const = default;
};

std::vector<Encoding> encodingsBy(Input& input) {
  const uint32_t chosen = input.number<uint16_t>();
  std::vector<Encoding> encodings;
  for (int i = 0; i < kEncodings; i++) {
    if (chosen >> i & 1) encodings.push_back(static_cast<Encoding>(i));
  }
  if (encodings.empty()) encodings.push_back(Encoding::utf16le);
  return encodings;
}

/// Takes values in the order of asked.h. Some of the needles are UTF-8.
std::vector<Needle> needlesBy(Input& input) {
  std::vector<Needle> needles;
  if (!input.flag()) return needles;
  const Asked asked = askedNeedles(input);
  for (const auto& [text, ignoreCase] : asked.needles) {
    needles.emplace_back(std::vector<uint8_t>(text.begin(), text.end()), ignoreCase);
  }
  return needles;
}

void append(const Records& records, std::vector<Text>& found) {
  size_t at = 0;
  for (size_t i = 0; i < records.addresses.size(); i++) {
    found.push_back({records.addresses[i], records.lengths[i], static_cast<Encoding>(records.encodings[i]),
                     records.text.substr(at, records.textLengths[i])});
    at += records.textLengths[i];
  }
}

/// A short version of src/scan/join-memory.ts.
class Joiner {
 public:
  Joiner(const Scan& scan, size_t longest) : scan_(scan), longest_(longest) {}

  void push(const ChunkResult& result) {
    if (result.head) add(*result.head);
    if (result.whole) return shorten();
    finish();
    append(result.records, found);
    if (result.tail) begin(*result.tail);
  }

  void finish() {
    if (bytes_.size() > kTailContext) append(join(false).records, found);
    bytes_.clear();
  }

  std::vector<Text> found;

 private:
  void begin(const PartialText& tail) {
    address_ = tail.address;
    bytes_ = tail.text;
  }

  void add(const PartialText& head) {
    if (bytes_.empty()) begin({head.address, 0, 0, std::string(kTailContext, '\0')});
    require(address_ + bytes_.size() - kTailContext == head.address, "parts that belong together touch");
    bytes_ += head.text;
  }

  // If there is no cut it is too early. scanJoined() then cuts all the same, for memory without an end.
  void shorten() {
    if (bytes_.size() <= kTailContext + longest_) return;
    const ChunkResult joined = join(true);
    if (joined.tail->length < kMargin) return;
    append(joined.records, found);
    begin(*joined.tail);
  }

  ChunkResult join(bool goesOn) const {
    const auto* const data = reinterpret_cast<const uint8_t*>(bytes_.data());
    return scanJoined(scan_, {data, bytes_.size()}, address_, goesOn, {}, UINT64_MAX);
  }

  const Scan& scan_;
  const size_t longest_;
  uint64_t address_ = 0;
  std::string bytes_;  // including the context
};

std::vector<Text> stringsOf(const Scan& scan, const Source& source, const std::vector<Chunk>& chunks, size_t longest) {
  Joiner joiner(scan, longest);
  const auto results = runJob(scan, source, chunks, {}, UINT64_MAX);
  require(results.size() == chunks.size(), "every chunk has a result");
  for (const ChunkResult& result : results) joiner.push(result);
  joiner.finish();
  return joiner.found;
}

/// Copies bytes into memory of their size, so that the sanitizer detects reads beyond it.
std::unique_ptr<uint8_t[]> copyOf(Bytes bytes) {
  auto copy = std::make_unique<uint8_t[]>(bytes.size());
  std::copy(bytes.begin(), bytes.end(), copy.get());
  return copy;
}

Character characterIn(Encoding encoding, const uint8_t* p, const uint8_t* end) {
  const bool plain = encoding == Encoding::ascii || encoding == Encoding::utf8;
  return plain ? memscan::characterAt(p, encoding) : Codec::of(encoding).characterAt(p, end);
}

/// Encodes a code point as in table 3-6 of the Unicode Standard.
void putUtf8(std::string& text, uint32_t c) {
  const auto put = [&](uint32_t byte) { text += static_cast<char>(byte); };
  if (c < 0x80) return put(c);
  if (c < 0x800) return put(0xc0 + c / 64), put(0x80 + c % 64);
  if (c < 0x10000) return put(0xe0 + c / 4096), put(0x80 + c / 64 % 64), put(0x80 + c % 64);
  put(0xf0 + c / 262144), put(0x80 + c / 4096 % 64), put(0x80 + c / 64 % 64), put(0x80 + c % 64);
}

void checkString(const Text& string, Bytes bytes, uint32_t minLength, const std::vector<Encoding>& encodings) {
  require(string.address + string.length <= bytes.size(), "a string lies in memory");
  const auto known = std::find(encodings.begin(), encodings.end(), string.encoding);
  require(known != encodings.end(), "a string is in an encoding that was asked for");
  const uint8_t* p = bytes.data() + string.address;
  const uint8_t* const end = p + string.length;
  std::string text;
  uint32_t characters = 0;
  for (; p < end; characters++) {
    const bool ascii = *p < 0x80 && !isUtf16(string.encoding);
    const Character character = characterIn(ascii ? Encoding::ascii : string.encoding, p, end);
    require(character.length > 0, "a string is made up of characters");
    putUtf8(text, character.codePoint);
    p += character.length;
  }
  require(p == end && text == string.text, "a text is what its bytes encode");
  require(characters >= minLength, "a string has as many characters as are wanted");
}

template <Encoding kEncoding>
void checkStep(const uint8_t* p, const uint8_t* end, const Character& character) {
  const Step step = Codec::of(kEncoding).template stepAt<kEncoding>(p, end);
  require(step.length == character.length, "a step is a character");
  require(!step.length || step.score == scoreOf(character.codePoint, step.length), "a step is what its character says");
}

template <Encoding... kEncoding>
void checkCharacter(Bytes bytes) {
  const auto copy = copyOf(bytes);
  const uint8_t* const end = copy.get() + bytes.size();
  const auto check = [&]<Encoding kOne>() {
    const Codec& codec = Codec::of(kOne);
    const Character character = codec.characterAt(copy.get(), end);
    require(character.length <= bytes.size(), "a character ends where it may");
    checkStep<kOne>(copy.get(), end, character);
    if (!character.length) return;
    const auto forms = codec.bytesOf(character.codePoint);
    const std::vector<uint8_t> own(copy.get(), copy.get() + character.length);
    require(std::find(forms.begin(), forms.end(), own) != forms.end(), "a character's bytes are known of it");
  };
  (check.template operator()<kEncoding>(), ...);
}

void checkCharacters(Bytes bytes) {
  for (size_t at = 0; at < std::min<size_t>(bytes.size(), 8); at++) {
    for (size_t length = 1; length <= std::min<size_t>(bytes.size() - at, 4); length++) {
      checkCharacter<Encoding::utf16le, Encoding::utf16be, Encoding::latin1, Encoding::gb18030, Encoding::big5,
                     Encoding::shift_jis, Encoding::euc_kr>(bytes.subspan(at, length));
    }
  }
}

bool holds(const std::string& text, const std::vector<Needle>& needles) {
  return std::any_of(needles.begin(), needles.end(), [&](const Needle& needle) {
    const size_t length = needle.bytes.size();
    for (size_t at = 0; at + length <= text.size(); at++) {
      if (needle.isAt(reinterpret_cast<const uint8_t*>(text.data()) + at)) return true;
    }
    return false;
  });
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Input input(data, size);
  const std::vector<Encoding> encodings = encodingsBy(input);
  const uint32_t minLength = input.from(1, 20);
  const size_t longest = input.from(kMargin, 255);
  const std::vector<Needle> needles = needlesBy(input);
  Input cuts(data, size);
  const Bytes bytes = input.rest();
  if (bytes.empty()) return 0;
  checkCharacters(bytes);
  Layout layout = layOut(cuts, bytes.size());
  joinUp(layout, kMargin);
  const MemoryFile file(bytes);
  const FileSource source(file.fd);
  for (const Kernel* const kernel : supportedKernels()) {
    Scan scan = {kernel, {Encoding::utf8, minLength, {}, false}, Scan::Output::records};
    scan.mix.emplace(encodings, minLength);
    std::vector<Text> whole = stringsOf(scan, source, uncut(layout), SIZE_MAX);
    for (const Text& string : whole) checkString(string, bytes, minLength, encodings);
    require(stringsOf(scan, source, layout.chunks, longest) == whole, "stitched = whole");
    if (needles.empty()) continue;
    scan.wanted.conditions.push_back(anyOf(needles));
    if (auto inMemory = conditionInMemory(needles, *scan.mix)) scan.inMemory.push_back(std::move(*inMemory));
    std::erase_if(whole, [&](const Text& string) { return !holds(string.text, needles); });
    require(stringsOf(scan, source, layout.chunks, longest) == whole, "needles are found in decoded text");
  }
  return 0;
}
