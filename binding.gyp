{
  "targets": [
    {
      "target_name": "memscan",
      # CMakeLists.txt has the same.
      "sources": ["<!@(ls native/*/*.cc)"],
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
