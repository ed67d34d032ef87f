{
  "targets": [
    {
      "target_name": "memscan",
      "sources": [
        "native/addon/addon.cc",
        "native/addon/chunk_content_object.cc",
        "native/addon/family_table_object.cc",
        "native/addon/line_writer_object.cc",
        "native/addon/open_source.cc",
        "native/addon/scan_object.cc",
        "native/addon/source_object.cc",
        "native/addon/values.cc",
        "native/content/chunk_content.cc",
        "native/content/family.cc",
        "native/content/family_table.cc",
        "native/content/granule.cc",
        "native/content/granule_builder.cc",
        "native/content/page_class.cc",
        "native/content/shape.cc",
        "native/content/shape_avx2.cc",
        "native/content/shape_avx512.cc",
        "native/content/signatures.cc",
        "native/crew.cc",
        "native/devices.cc",
        "native/interrupt.cc",
        "native/job.cc",
        "native/kernels/avx2.cc",
        "native/kernels/avx512.cc",
        "native/kernels/avx512vbmi.cc",
        "native/kernels/commonness.cc",
        "native/kernels/condition.cc",
        "native/kernels/kernel.cc",
        "native/kernels/needle_set.cc",
        "native/kernels/neon.cc",
        "native/kernels/scalar.cc",
        "native/lines.cc",
        "native/pages.cc",
        "native/peek.cc",
        "native/source.cc",
        "native/strings.cc",
        "native/text.cc"
      ],
      "dependencies": ["<!(node -p \"require('node-addon-api').targets\"):node_addon_api_except"],
      # A worker thread that is being ended takes no more results: that is no reason to abort.
      "defines": ["NAPI_VERSION=8", "NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS"],
      "cflags_cc!": ["-std=gnu++17", "-std=gnu++20"],
      "cflags_cc": ["-std=c++20", "-O3", "-Wall", "-Wextra", "-Wno-unused-parameter", "-fvisibility=hidden"],
      # The crew's threads run on when the worker thread that loaded the addon has ended.
      "ldflags": ["-Wl,-z,nodelete"]
    }
  ]
}
