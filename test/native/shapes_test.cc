// Every implementation of shapes gives the same keys, whatever follows the text, and reads no further than it may.
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "../../native/content/kernel.h"
#include "../../native/content/shape.h"
#include "each_kernel.h"
#include "oracle.h"

namespace {

const std::vector<std::string> kPieces = {"\"",
                                          "'",
                                          ":",
                                          ",",
                                          "=",
                                          "<",
                                          ">",
                                          "</",
                                          "/",
                                          "-",
                                          "_",
                                          ".",
                                          " ",
                                          "  ",
                                          "{\"",
                                          "[",
                                          "]",
                                          "(",
                                          ")",
                                          "}",
                                          "\\\"",
                                          "name",
                                          "id",
                                          "true",
                                          "null",
                                          "42",
                                          "7",
                                          "7f3ac19b2e",
                                          "user42",
                                          "1.5e3",
                                          "2026-01-31",
                                          "T23:59:59.123Z",
                                          "10.0.0.1",
                                          "550e8400-e29b-41d4-a716-446655440000",
                                          "iVBORw0KGgoAAAANSUhEUgAA",
                                          "您有",
                                          "%20",
                                          "@",
                                          "~",
                                          "+1",
                                          "\t",
                                          "a",
                                          "zq"};

std::string textOf(std::mt19937& random) {
  std::string text;
  for (size_t pieces = random() % 60; pieces > 0; pieces--) {
    if (random() % 8 == 0) {
      text += static_cast<char>(0x20 + random() % 95);
    } else {
      text += kPieces[random() % kPieces.size()];
    }
  }
  return text;
}

// Copies a text into memory of exact size, so that the sanitizer detects reads beyond it.
std::unique_ptr<uint8_t[]> copyOf(const std::string& text, uint8_t filler) {
  const size_t size = std::max(text.size(), memscan::kShapeWindow);
  auto memory = std::make_unique<uint8_t[]>(size);
  std::fill_n(memory.get(), size, filler);
  std::copy(text.begin(), text.end(), memory.get());
  return memory;
}

bool coversAll(const std::string& text, const uint8_t* memory) {
  uint32_t at = 0;
  for (const memscan::ShapePart& part : memscan::shapeOf(memory, text.size())) {
    if (part.begin != at || part.end <= at) return false;
    at = part.end;
  }
  return at == shapedLength(text);
}

TEST(Shapes, GiveTheSameKeysByEveryImplementation) {
  std::mt19937 random(seed());
  for (int i = 0; i < 200'000; i++) {
    const std::string text = textOf(random);
    const auto memory = copyOf(text, 0);
    const auto other = copyOf(text, '"');
    ASSERT_TRUE(coversAll(text, memory.get())) << text;
    const uint64_t expected = memscan::contentKernels().back()->familyKey(memory.get(), text.size());
    for (const memscan::ContentKernel* const kernel : memscan::contentKernels()) {
      ASSERT_EQ(kernel->familyKey(memory.get(), text.size()), expected) << text;
      ASSERT_EQ(kernel->familyKey(other.get(), text.size()), expected) << text;
    }
  }
}

}  // namespace
