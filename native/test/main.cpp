// Runs the tests on the instruction-set path that VEILSUM_ISA names; exit code 77 (skipped) where
// the processor lacks it.

#include <gtest/gtest.h>

#include <iostream>

#include "base/error.h"
#include "kernel/isa.h"

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  try {
    std::cout << "kernels: " << veilsum::kernel::isaName(veilsum::kernel::activeIsa()) << "\n";
  } catch (const veilsum::Error& error) {
    if (error.code() != veilsum::Code::kUnsupported) throw;
    std::cout << "skipped: " << error.what() << "\n";
    return 77;
  }
  return RUN_ALL_TESTS();
}
