// Constants that src/native/constants.ts and others repeat: a test compares them.
#pragma once

#include <array>

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
#include "source_object.h"

namespace memscan {

/// In the alphabetical order of their names in constants.ts.
inline constexpr std::array<double, 13> kConstants = {
    kClassPage,             // CLASS_PAGE
    kGranuleBytes,          // GRANULE_BYTES
    kContext,               // HIT_CONTEXT
    kKeyBytes,              // KEY_BYTES
    kLargestRead,           // LARGEST_READ
    kLongestJoined,         // LONGEST_JOINED
    kLongestSampleMinimum,  // LONGEST_SAMPLE_MINIMUM
    kSampleContext,         // SAMPLE_CONTEXT
    kShapeWindow,           // SHAPE_WINDOW
    Sketch::kRegisters,     // SKETCH_REGISTERS
    kTailContext,           // TAIL_CONTEXT
    kMargin,                // TEXT_MARGIN
    kValueBytes,            // VALUE_BYTES
};

/// In the order of PageState in src/native/source.ts.
inline constexpr std::array<double, 4> kPageStates = {kPresent, kSwapped, kFile, kZero};

}  // namespace memscan
