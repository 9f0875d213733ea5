// Samplers on their own: what they read is a stream whose seed is secret.

#include <numeric>

#include "constant_time/check.h"
#include "random/samplers.h"

namespace veilsum::constant_time {

namespace {

constexpr std::size_t kCount = 8192 + 13;  // whole vectors and a rest

}  // namespace

void checkSampling(Check& check) {
  random::Seed seed = random::systemSeed();
  hide(std::span(seed));
  random::Stream stream(seed);
  Buffer<std::int8_t, true> values(kCount);

  check.run("sample a ternary polynomial", [&] { random::sampleTernary(stream, values); });
  publish(std::span(values.data(), values.size()));
  for (const std::int8_t value : values) {
    if (value < -1 || value > 1) check.verify(false, "a ternary coefficient is in {-1, 0, 1}");
  }

  check.run("sample noise (centred binomial)", [&] { random::sampleNoise(stream, values); });
  publish(std::span(values.data(), values.size()));
  const double squares = std::inner_product(values.begin(), values.end(), values.begin(), 0.0);
  // The variance is 10.5; of so many samples it is within a tenth.
  check.verify(squares > 9.4 * kCount && squares < 11.6 * kCount, "the variance of noise");
}

}  // namespace veilsum::constant_time
