// One client's update of a gradient, and the decryption of a sum.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "arith/primes.h"
#include "constant_time/check.h"
#include "gradient/sum.h"
#include "gradient/update.h"

namespace veilsum::constant_time {

void checkGradient(Check& check) {
  constexpr std::size_t kDegree = 4096;
  std::vector<std::uint64_t> primes = arith::largestPrimes(34, 2 * kDegree, 3);
  std::sort(primes.begin(), primes.end());
  const auto codec =
      gradient::Codec::create(rlwe::Context::create({kDegree, primes, {}, 1}), {8, 18, 5});
  random::Seed seed = random::systemSeed();
  hide(std::span(seed));
  const rlwe::SecretKey secret = rlwe::SecretKey::generate(codec->context(), seed);

  std::vector<float> numbers(codec->chunkNumbers());
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    numbers[i] = std::sin(static_cast<float>(i));
  }
  const std::vector<float> expected = numbers;
  hide(std::span(numbers));
  gradient::Update update(codec);
  std::vector<std::uint8_t> c0(codec->polynomialBytes()), c1(codec->polynomialBytes());
  check.run("gradient: quantize and encrypt",
            [&] { update.encrypt(secret, 0, std::span<const float>(numbers), {1.0}, 0, c0); });
  publish(std::span(c0));

  const std::uint64_t weight = 1, most = (std::uint64_t{1} << codec->layout().bits) - 1;
  gradient::expandSeeds(*codec, {&update.seed(), 1}, {&weight, 1}, 0, c1);
  std::vector<std::uint64_t> sums(codec->chunkNumbers());
  check.run("gradient: decrypt a sum",
            [&] { gradient::decrypt(*codec, secret, c0, c1, most, sums); });
  std::vector<float> means(sums.size());
  check.run("gradient: means of a sum", [&] {
    gradient::dequantize<float>(sums, weight, 1.0, codec->layout().bits, 1.0, means);
  });
  publish(std::span(means));
  for (std::size_t i = 0; i < means.size(); ++i) {
    if (!(std::abs(means[i] - expected[i]) < 0.01f)) {
      return check.verify(false, "gradient: decrypts to its numbers");
    }
  }
}

}  // namespace veilsum::constant_time
