// What both the addon and src/ have to know. A test compares these with what the addon exports, so that modules can use
// them without loading it.

/** Bytes on each side of a chunk's edge that a character across the edge may occupy. */
export const TEXT_MARGIN = 3;

/** Bytes before a tail of memory in several encodings that show whether text precedes it. */
export const TAIL_CONTEXT = 4;

/** Bytes on each side of a hit that are reported with it, as far as they are readable. */
export const HIT_CONTEXT = 16;

/** Families are summed up by ranges of so many bytes at multiples of that: chunks of this size split none. */
export const GRANULE_BYTES = 4 << 20;

/** Bytes that are classified together: a page of most machines. */
export const CLASS_PAGE = 4096;

/** Bytes of a text that, with its length, determine its value. */
export const VALUE_BYTES = 1024;

/** Bytes of a text that its shape is made from, at most. */
export const SHAPE_WINDOW = 128;

/** The number of bytes at a shape's beginning, each placeholder counting as one, that all strings of a family have. */
export const KEY_BYTES = 32;

/** Registers of a HyperLogLog of a family's values. */
export const SKETCH_REGISTERS = 1024;

/** Bytes that a sample reads before and after each page, at least. */
export const SAMPLE_CONTEXT = 256;

/** The largest `min` of a sample, in characters. */
export const LONGEST_SAMPLE_MINIMUM = 4096;

/** The most bytes of memory that are joined without finding the end of a string. */
export const LONGEST_JOINED = 32 << 20;

/** The most bytes that are read at once at several addresses, all together. */
export const LARGEST_READ = 1 << 30;
