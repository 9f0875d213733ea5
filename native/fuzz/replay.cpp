// The regression mode, for every compiler: the seeds, which must be taken; simple damage to each of
// them; and the files of the folders that are named, which are inputs that once found something.

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "fuzz/target.h"

using veilsum::fuzz::ByteVector;
using veilsum::fuzz::guarded;

namespace {

constexpr std::size_t kFront = 96;  // headers, numbers and seeds stand in the first bytes

std::size_t damage(const ByteVector& seed) {
  std::size_t count = 0;
  const auto run = [&count](const ByteVector& input) {
    guarded(input);
    ++count;
  };
  for (std::size_t at = 0; at < seed.size(); ++at) {
    if (at >= kFront && at + 2 < seed.size()) continue;
    for (const int value : {0, 1, 0x7f, 0x80, 0xff, seed[at] ^ 1, seed[at] ^ 0x80}) {
      ByteVector changed = seed;
      changed[at] = static_cast<std::uint8_t>(value);
      run(changed);
    }
    run({seed.begin(), seed.begin() + static_cast<std::ptrdiff_t>(at)});
  }
  ByteVector longer = seed;
  longer.push_back(0);
  run(longer);
  longer.insert(longer.end(), seed.begin(), seed.end());
  run(longer);
  run(ByteVector(seed.size(), 0));
  run(ByteVector(seed.size(), 0xff));
  return count;
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t count = 0;
  for (const ByteVector& seed : veilsum::fuzz::seeds()) {
    if (!guarded(seed)) {
      std::fprintf(stderr, "seed %zu is refused\n", count);
      return 1;
    }
    count += 1 + damage(seed);
  }
  for (int i = 1; i < argc; ++i) {
    if (!std::filesystem::is_directory(argv[i])) continue;
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(argv[i])) {
      files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    for (const auto& file : files) {
      std::ifstream in(file, std::ios::binary);
      guarded(ByteVector(std::istreambuf_iterator<char>(in), {}));
      ++count;
    }
  }
  std::printf("%zu inputs\n", count);
  return count == 0;
}
