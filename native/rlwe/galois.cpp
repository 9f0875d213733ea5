#include <string>

#include "rlwe/keys.h"

namespace veilsum::rlwe {

namespace {

constexpr std::uint64_t kGenerator = 3;  // of the rotations, of order n / 2 modulo 2n

// "rotation by 5 steps", for messages.
std::string nameOf(std::uint64_t g, std::size_t n) {
  if (n == 0) return "Galois element " + std::to_string(g);
  const std::uint64_t mask = 2 * n - 1;
  const std::string element = " (Galois element " + std::to_string(g) + ")";
  if (g == galoisElementOfConjugation(n)) return "conjugation or row swap" + element;
  std::uint64_t power = 1;
  for (std::size_t steps = 0; steps < n / 2; ++steps, power = (power * kGenerator) & mask) {
    if (power == g) return "rotation by " + std::to_string(steps) + " steps" + element;
    if (((2 * n - power) & mask) == g) {
      return "rotation by " + std::to_string(steps) + " steps with a conjugation" + element;
    }
  }
  return "automorphism" + element;
}

}  // namespace

std::uint64_t galoisElement(std::size_t n, std::int64_t steps) {
  const auto order = static_cast<std::int64_t>(n / 2);
  std::int64_t exponent = steps % order;
  if (exponent < 0) exponent += order;
  const std::uint64_t mask = 2 * n - 1;
  std::uint64_t result = 1, power = kGenerator;
  for (; exponent != 0; exponent >>= 1, power = (power * power) & mask) {
    if (exponent & 1) result = (result * power) & mask;
  }
  return result;
}

std::uint64_t galoisElementOfConjugation(std::size_t n) { return 2 * n - 1; }

const KeySwitchKey& EvaluationKeys::relin() const {
  require(relinearization.has_value(), Code::kMissingKey,
          "there is no relinearization key; make one with the secret key and add it to the "
          "evaluation keys");
  return *relinearization;
}

const KeySwitchKey& EvaluationKeys::galoisFor(std::uint64_t g) const {
  if (const auto found = galois.find(g); found != galois.end()) return found->second;
  const Context* context = relinearization   ? relinearization->context.get()
                           : !galois.empty() ? galois.begin()->second.context.get()
                                             : nullptr;
  throw Error(Code::kMissingKey, "there is no key for the " +
                                     nameOf(g, context ? context->n() : 0) +
                                     "; make it with the secret key and add it to the evaluation "
                                     "keys");
}

}  // namespace veilsum::rlwe
