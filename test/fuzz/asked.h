// The condition and options that an input asks a scan for.
#pragma once

#include <optional>
#include <string>

#include "../native/oracle.h"
#include "input.h"

inline std::string textOf(std::span<const uint8_t> bytes) { return {bytes.begin(), bytes.end()}; }

inline Asked askedNeedles(Input& input) {
  Asked asked;
  for (uint32_t count = input.from(1, 40); count > 0; count--) {
    const bool ignoreCase = input.flag();
    const std::string bytes = textOf(input.bytes(input.from(1, 12)));
    asked.needles.push_back({bytes.empty() ? "a" : bytes, ignoreCase});
  }
  return asked;
}

inline Asked askedRun(Input& input) {
  Asked asked;
  asked.runLength = input.from(1, 80);
  for (const uint8_t byte : input.bytes(input.from(1, 30))) asked.classBytes += static_cast<char>(0x20 + byte % 0x5f);
  if (asked.classBytes.empty()) asked.classBytes = "0";
  return asked;
}

inline std::optional<Asked> askedBy(Input& input) {
  switch (input.from(0, 2)) {
    case 1:
      return askedNeedles(input);
    case 2:
      return askedRun(input);
    default:
      return std::nullopt;
  }
}

inline memscan::Wanted wantedBy(Input& input) {
  return {input.flag() ? memscan::Encoding::utf8 : memscan::Encoding::ascii, input.from(1, 100), {}, false};
}
