#include <gtest/gtest.h>

#include <cstdlib>

#include "kernel/table.h"

namespace veilsum::kernel {
namespace {

TEST(Isa, TheActivePathIsSupportedAndTheOneThatIsForced) {
  EXPECT_TRUE(isaSupported(activeIsa()));
  EXPECT_TRUE(isaSupported(Isa::kScalar));
  EXPECT_EQ(&table(), &table(activeIsa()));
  if (const char* forced = std::getenv("VEILSUM_ISA")) {
    EXPECT_STREQ(forced, isaName(activeIsa()));
  }
}

}  // namespace
}  // namespace veilsum::kernel
