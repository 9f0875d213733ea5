// One client's update of a gradient, and the decryption of a sum; the same under a threshold key.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "arith/primes.h"
#include "constant_time/check.h"
#include "gradient/public_update.h"
#include "gradient/sum.h"
#include "gradient/threshold.h"
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

void checkThreshold(Check& check) {
  constexpr std::size_t kDegree = 4096;
  constexpr int kParties = 2, kFloodingBits = 60;
  std::vector<std::uint64_t> primes = arith::largestPrimes(40, 2 * kDegree, 4);
  std::sort(primes.begin(), primes.end());
  const auto codec =
      gradient::Codec::create(rlwe::Context::create({kDegree, primes, {}, 1}), {8, 18, 5});
  const std::size_t size = codec->polynomialBytes();
  const random::Seed common = random::systemSeed();
  ring::Poly<ring::Eval> b(codec->basis()), part(codec->basis());
  std::vector<std::vector<std::uint8_t>> kept;  // by each party: the sum of what is dealt to it
  std::vector<std::vector<std::uint64_t>> sums(
      kParties, std::vector<std::uint64_t>(codec->n() * codec->basis()->size()));
  const std::uint64_t once = 1;
  for (int party = 0; party < kParties; ++party) {
    random::Seed secret = random::systemSeed();
    hide(std::span(secret));
    std::vector<std::uint8_t> own(size), shares(kParties * size);
    check.run("threshold: deal shares of a secret",
              [&] { gradient::deal(*codec, common, secret, kParties, kParties, own, shares); });
    publish(std::span(own));
    gradient::unpackInto(*codec, own, part);
    addInto(b, part);
    for (std::size_t to = 0; to < kParties; ++to) {
      const std::uint8_t* share = shares.data() + to * size;
      check.run("threshold: add a share", [&] {
        gradient::addPacked(*codec, {&share, 1}, {&once, 1}, sums[to]);
      });
    }
  }
  for (const auto& sum : sums) {
    kept.emplace_back(size);
    check.run("threshold: the sum of shares", [&] { gradient::packSum(*codec, sum, kept.back()); });
  }

  const auto key = rlwe::PublicKey::load(codec->context(), common, b.words());
  std::vector<std::uint64_t> numbers(codec->chunkNumbers());
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = i * 7 % 256;
  const std::vector<std::uint64_t> expected = numbers;
  hide(std::span(numbers));
  std::vector<std::uint8_t> pair(2 * size);
  check.run("threshold: encrypt under the public key", [&] {
    gradient::encryptPair(*codec, key, std::span<const std::uint64_t>(numbers), {1.0}, 0, pair);
  });
  publish(std::span(pair));

  random::Seed mask = random::systemSeed();
  hide(std::span(mask));
  std::vector<std::vector<std::uint8_t>> parts(kParties, std::vector<std::uint8_t>(size));
  const auto c0 = std::span(pair).first(size), c1 = std::span(pair).subspan(size);
  for (int party = 1; party <= kParties; ++party) {
    const auto at = static_cast<std::size_t>(party - 1);
    check.run("threshold: a part of opening a sum", [&] {
      gradient::openPart(*codec, {party, {1, 2}, kFloodingBits}, kept[at], {&mask, 1}, 0, c1,
                         parts[at]);
    });
    publish(std::span(parts[at]));
  }
  const std::uint8_t* all[kParties] = {parts[0].data(), parts[1].data()};
  std::vector<std::uint64_t> opened(codec->chunkNumbers());
  check.run("threshold: open a sum", [&] { gradient::combine(*codec, c0, all, 255, opened); });
  publish(std::span(opened));
  check.verify(opened == expected, "threshold: opens to its numbers");
}

}  // namespace veilsum::constant_time
