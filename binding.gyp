{
  "targets": [
    {
      "target_name": "memscan",
      # CMakeLists.txt builds the same files.
      "sources": ["<!@(ls native/*/*.cc)"],
      "dependencies": ["<!(node -p \"require('node-addon-api').targets\"):node_addon_api_except"],
      # An ending worker thread takes no more results, which must not abort the process.
      "defines": ["NAPI_VERSION=8", "NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS"],
      "cflags_cc!": ["-std=gnu++17", "-std=gnu++20"],
      "cflags_cc": ["-std=c++20", "-O3", "-Wall", "-Wextra", "-Wno-unused-parameter", "-fvisibility=hidden"],
      # The crew's threads outlive the worker thread that loaded the addon.
      "ldflags": ["-Wl,-z,nodelete"]
    }
  ]
}
