// Strings as lines for people or for machines.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

#include "../text/text.h"
#include "line_buffer.h"
#include "region_label.h"

namespace memscan {

struct LineStyle {
  bool json;
  bool showEncoding;  // JSON always has it
  bool showAddress;
  uint8_t addressDigits;  // hexadecimal digits of an address, at least
  bool escapeTab;         // write TAB as \t; JSON always does
  bool color;
  uint32_t maxLength;  // characters of text to show; 0 = all
};

/// A range of a text's bytes, [begin, end).
struct Match {
  uint32_t begin;
  uint32_t end;
};

/// A line to write. Its text may be a part of the string.
struct Line {
  uint64_t address;  // of the string
  uint64_t length;   // of the string, in bytes
  std::span<const uint8_t> text;
  bool cutBefore;  // the text does not begin the string
  bool cutAfter;
  std::span<const Match> matches;  // in order of their beginnings: highlighted, and the first one is kept in view
  Encoding encoding;               // in memory; the text is ASCII or UTF-8
  std::string_view more = {};      // in JSON further members, each after a comma; in text further lines below
};

class LineWriter {
 public:
  explicit LineWriter(LineStyle style) : style_(std::move(style)) {}

  /// Appends one line to `out`. The line cannot control a terminal: hidden characters, control characters and malformed
  /// bytes are escaped. `labels` are in order; if empty, the line has no label.
  void write(const Line& line, std::span<const RegionLabel> labels, LineBuffer& out) const;

 private:
  LineStyle style_;
};

}  // namespace memscan
