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
  bool showEncoding;  // in JSON it always is
  bool showAddress;
  uint8_t addressDigits;  // at least so many
  bool escapeTab;         // TAB as \t; JSON always does
  bool color;
  uint32_t maxLength;  // characters of text shown; 0 = all
};

/// Bytes of a text, [begin, end).
struct Match {
  uint32_t begin;
  uint32_t end;
};

/// What is to be shown. The text may be a part of the string.
struct Line {
  uint64_t address;  // of the string
  uint64_t length;   // of the string, in bytes
  std::span<const uint8_t> text;
  bool cutBefore;  // the text is not the string's beginning
  bool cutAfter;
  std::span<const Match> matches;  // in order of where they begin: highlighted, the first one kept in view
  Encoding encoding;               // in memory; the text is ASCII or UTF-8
  std::string_view more = {};      // in JSON further members, a comma before each; in text lines to stand below
};

class LineWriter {
 public:
  explicit LineWriter(LineStyle style) : style_(std::move(style)) {}

  /// Appends one line to `out`. Nothing in it steers a terminal: hidden and control characters and broken bytes are
  /// escaped. `labels` are in order; without any, nothing is said of regions.
  void write(const Line& line, std::span<const RegionLabel> labels, LineBuffer& out) const;

 private:
  LineStyle style_;
};

}  // namespace memscan
