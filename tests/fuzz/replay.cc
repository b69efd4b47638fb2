// Runs a fuzzer's entry without a fuzzer: on every given file (folders: on all files in them) and on a fixed number of changed copies of
// each, the same ones every time. What CI can afford; ./dev fuzz searches further.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace {

namespace fs = std::filesystem;

void Run(const std::string& input) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(input.data()), input.size());
}

/// A few of the changes that fuzzers make: a byte, a stretch, a piece of another input.
std::string Changed(std::string text, const std::string& other, std::mt19937_64& random) {
  auto below = [&](size_t limit) { return limit == 0 ? 0 : static_cast<size_t>(random() % limit); };
  for (size_t changes = 1 + below(4); changes > 0; --changes) {
    const size_t at = below(text.size() + 1);
    switch (below(6)) {
      case 0:
        if (at < text.size()) text[at] = static_cast<char>(random());
        break;
      case 1:
        if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << below(8)));
        break;
      case 2:
        text.erase(at, below(16));
        break;
      case 3:
        text.insert(at, text.substr(below(text.size() + 1), below(64)));
        break;
      case 4:
        text.insert(at, other.substr(below(other.size() + 1), below(128)));
        break;
      case 5:
        text.resize(at);
        break;
    }
  }
  return text;
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> inputs;
  auto read = [&](const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    inputs.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  };
  for (int i = 1; i < argc; ++i) {
    std::vector<fs::path> paths;
    if (fs::is_directory(argv[i])) {
      for (const auto& entry : fs::directory_iterator(argv[i])) paths.push_back(entry.path());
    } else {
      paths.emplace_back(argv[i]);
    }
    std::sort(paths.begin(), paths.end());
    for (const fs::path& path : paths) read(path);
  }
  const char* wanted = std::getenv("FUZZ_COPIES");
  const int copies = wanted != nullptr ? std::atoi(wanted) : 20;
  const char* seed = std::getenv("FUZZ_SEED");
  std::mt19937_64 random(seed != nullptr ? static_cast<uint64_t>(std::atoll(seed)) : 1);
  for (const std::string& input : inputs) {
    Run(input);
    for (int i = 0; i < copies; ++i) {
      const std::string changed = Changed(input, inputs[random() % inputs.size()], random);
      if (std::getenv("FUZZ_TRACE") != nullptr) {  // the last one before a crash is what is left
        std::ofstream("fuzz-last-input", std::ios::binary) << changed;
      }
      Run(changed);
    }
  }
  std::printf("%zu inputs, %zu runs\n", inputs.size(), inputs.size() * static_cast<size_t>(copies + 1));
  return 0;
}
