// libFuzzer's entry points. With --write-seeds=FOLDER the program only writes the seeds there.

#include <cstdlib>
#include <fstream>
#include <string>

#include "fuzz/target.h"

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  const std::string flag = "--write-seeds=";
  for (int i = 1; i < *argc; ++i) {
    const std::string argument = (*argv)[i];
    if (argument.rfind(flag, 0) != 0) continue;
    int number = 0;
    for (const auto& seed : veilsum::fuzz::seeds()) {
      std::ofstream out(argument.substr(flag.size()) + "/seed-" + std::to_string(number++),
                        std::ios::binary);
      out.write(reinterpret_cast<const char*>(seed.data()),
                static_cast<std::streamsize>(seed.size()));
      if (!out) std::abort();
    }
    std::exit(0);
  }
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  veilsum::fuzz::guarded({data, size});
  return 0;
}
