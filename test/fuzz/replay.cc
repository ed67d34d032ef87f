// Runs a fuzz target on files without libFuzzer: each argument is a folder of inputs.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "input.h"

int main(int count, char** arguments) {
  int inputs = 0;
  for (int i = 1; i < count; i++) {
    for (const auto& entry : std::filesystem::directory_iterator(arguments[i])) {
      std::ifstream file(entry.path(), std::ios::binary);
      const std::string bytes(std::istreambuf_iterator<char>(file), {});
      std::fprintf(stderr, "%s\n", entry.path().c_str());
      LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
      inputs++;
    }
  }
  std::printf("%d inputs\n", inputs);
  return inputs > 0 ? 0 : 1;
}
