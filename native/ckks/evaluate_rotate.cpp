#include <bit>
#include <optional>
#include <string>

#include "ckks/noise.h"
#include "ckks/operands.h"
#include "rlwe/key_switch.h"
#include "rlwe/noise.h"

namespace veilsum::ckks {

using ring::Eval;

namespace {

double switchedNoise(const Ciphertext& a, const rlwe::KeySwitchKey& key, const char* operation) {
  require(a.degree() == 1, Code::kUsage, "rotate: relinearize the ciphertext first");
  a.context()->requireSame(*key.context);
  const double noise = a.noise + rlwe::keySwitchNoise(*a.context(), a.level());
  requireCapacity(*a.context(), a.level(), a.scale * a.message + noise, operation);
  return noise;
}

Ciphertext withParts(const Ciphertext& a, rlwe::PolyPair<Eval>&& switched, double noise) {
  Parts parts;
  parts.push_back(std::move(switched.first));
  parts.push_back(std::move(switched.second));
  return assemble(a.context(), std::move(parts), a.scale, noise, a.message);
}

// m(X) -> m(X^g).
Ciphertext applyGalois(const Ciphertext& a, std::uint64_t g, const rlwe::KeySwitchKey& key,
                       const char* operation) {
  const double noise = switchedNoise(a, key, operation);
  const Parts& c = a.body.parts;
  return withParts(a, rlwe::switchGalois(*a.context(), c[0], c[1], g, key), noise);
}

// The same from the digits of c_1.
Ciphertext applyGalois(const Ciphertext& a, std::uint64_t g, const rlwe::KeySwitchKey& key,
                       const rlwe::Decomposition& digits) {
  const double noise = switchedNoise(a, key, "rotate");
  return withParts(a, rlwe::switchGalois(a.body.parts[0], digits, g, key), noise);
}

// The non-adjacent form of r: the fewest signed powers of two.
std::vector<std::int64_t> signedPowers(std::int64_t r) {
  std::vector<std::int64_t> result;
  for (std::int64_t power = 1; r != 0; r >>= 1, power *= 2) {
    if ((r & 1) == 0) continue;
    const std::int64_t sign = (r & 3) == 3 ? -1 : 1;
    result.push_back(sign * power);
    r -= sign;
  }
  return result;
}

std::vector<std::int64_t> powers(std::int64_t r, std::int64_t sign) {
  std::vector<std::int64_t> result;
  for (std::int64_t power = 1; r != 0; r >>= 1, power *= 2) {
    if (r & 1) result.push_back(sign * power);
  }
  return result;
}

}  // namespace

std::vector<std::int64_t> rotationSteps(std::size_t n, std::int64_t steps,
                                        const rlwe::EvaluationKeys& keys) {
  const auto order = static_cast<std::int64_t>(n / 2);
  const std::int64_t left = ((steps % order) + order) % order, right = order - left;
  if (left == 0) return {};
  const std::vector<std::int64_t> ways[] = {
      {left},
      left <= right ? signedPowers(left) : signedPowers(-right),
      powers(left, 1),
      powers(right, -1),
  };
  for (const auto& way : ways) {
    bool possible = true;
    for (const std::int64_t step : way) {
      possible = possible && keys.galois.contains(rlwe::galoisElement(n, step));
    }
    if (possible) return way;
  }
  throw Error(Code::kMissingKey,
              "the rotation by " + std::to_string(steps) + " steps (Galois element " +
                  std::to_string(rlwe::galoisElement(n, steps)) +
                  ") has no key, and there are none of powers of two to compose it; make its key "
                  "with the secret key and add it to the evaluation keys");
}

Ciphertext rotate(const Ciphertext& a, std::int64_t steps, const rlwe::EvaluationKeys& keys) {
  require(a.degree() == 1, Code::kUsage, "rotate: relinearize the ciphertext first");
  const std::size_t n = a.context()->n();
  std::optional<Ciphertext> result;
  for (const std::int64_t step : rotationSteps(n, steps, keys)) {
    const std::uint64_t g = rlwe::galoisElement(n, step);
    result = applyGalois(result ? *result : a, g, keys.galoisFor(g), "rotate");
  }
  return result ? std::move(*result) : a.copy();
}

Ciphertext conjugate(const Ciphertext& a, const rlwe::EvaluationKeys& keys) {
  const std::uint64_t g = rlwe::galoisElementOfConjugation(a.context()->n());
  return applyGalois(a, g, keys.galoisFor(g), "conjugate");
}

std::vector<Ciphertext> rotateHoisted(const Ciphertext& a, std::span<const std::int64_t> steps,
                                      const rlwe::EvaluationKeys& keys) {
  require(a.degree() == 1, Code::kUsage, "rotate: relinearize the ciphertext first");
  const std::size_t n = a.context()->n();
  // Every way is found, or refused, before the work.
  std::vector<std::vector<std::int64_t>> ways;
  for (const std::int64_t step : steps) ways.push_back(rotationSteps(n, step, keys));
  rlwe::Decomposition digits;
  std::vector<Ciphertext> results;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (ways[i].size() != 1) {
      results.push_back(rotate(a, steps[i], keys));
      continue;
    }
    if (digits.digits.empty()) digits = rlwe::decompose(*a.context(), a.body.parts[1]);
    const std::uint64_t g = rlwe::galoisElement(n, ways[i][0]);
    results.push_back(applyGalois(a, g, keys.galoisFor(g), digits));
  }
  return results;
}

}  // namespace veilsum::ckks
