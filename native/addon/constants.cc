#include "constants.h"

#include "../content/family.h"
#include "../content/granule.h"
#include "../content/page_class.h"
#include "../content/shape.h"
#include "../content/sketch.h"
#include "../jobs/job.h"
#include "../jobs/sample_job.h"
#include "../memory/pages.h"
#include "../memory/source.h"
#include "../search/hits.h"
#include "../text/text.h"
#include "source_object.h"
#include "values.h"

namespace memscan {

namespace {

struct Constant {
  const char* name;
  uint32_t value;
};

constexpr Constant kConstants[] = {
    {"textMargin", kMargin},
    {"tailContext", kTailContext},
    {"hitContext", kContext},
    {"granuleBytes", kGranuleBytes},
    {"classPage", kClassPage},
    {"valueBytes", kValueBytes},
    {"shapeWindow", kShapeWindow},
    {"keyBytes", kKeyBytes},
    {"sketchRegisters", Sketch::kRegisters},
    {"sampleContext", kSampleContext},
    {"longestSampleMinimum", kLongestSampleMinimum},
    {"longestJoined", kLongestJoined},
    {"largestRead", kLargestRead},
};

constexpr Constant kPageStates[] = {{"present", kPresent}, {"swapped", kSwapped}, {"file", kFile}, {"zero", kZero}};

void set(Napi::Object object, std::span<const Constant> constants) {
  for (const auto& [name, value] : constants) object.Set(name, static_cast<double>(value));
}

}  // namespace

Napi::Object constants(Napi::Env env) {
  auto all = Napi::Object::New(env);
  set(all, kConstants);
  auto states = Napi::Object::New(env);
  set(states, kPageStates);
  all.Set("pageStates", states);
  auto encodings = Napi::Array::New(env);
  for (uint32_t i = 0; i < kEncodings; i++) encodings.Set(i, std::string(nameOf(static_cast<Encoding>(i))));
  all.Set("encodings", encodings);
  all.Set("placeholders", toNames(env, kPlaceholderNames));
  return all;
}

}  // namespace memscan
