#ifndef VEILSUM_CONSTANT_TIME_CHECK_H_
#define VEILSUM_CONSTANT_TIME_CHECK_H_

#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/secrecy.h"
#include "rlwe/ciphertext.h"
#include "rlwe/keys.h"

namespace veilsum::constant_time {

/// Runs operations under Valgrind's memcheck, with their secrets marked, and counts what it
/// reports for each: branches and addresses that depend on a secret.
class Check {
 public:
  /// Runs an operation, prints its line, and gives what it gives. Every report is a failure.
  template <class Operation>
  auto run(const std::string& name, Operation operation) {
    begin(name);
    if constexpr (std::is_void_v<decltype(operation())>) {
      operation();
      end(false);
    } else {
      auto result = operation();
      end(false);
      return result;
    }
  }

  /// Runs what leaks on purpose: here a failure is that nothing is reported.
  template <class Leak>
  void control(const std::string& name, Leak leak) {
    begin("control: " + name);
    leak();
    end(true);
  }

  /// A result must be right too: what is not computed cannot leak.
  void verify(bool right, const std::string& what);

  int failures() const { return failures_; }

 private:
  void begin(const std::string& name);
  void end(bool leaks);

  std::string name_;
  unsigned before_ = 0;
  int failures_ = 0;
};

/// These values, marked as secret.
template <class T, std::size_t N>
void hide(std::span<T, N> values) {
  markSecret(values.data(), values.size_bytes());
}

/// Results that leave their owner, or that a test looks at, are public from here on.
template <class T, std::size_t N>
void publish(std::span<T, N> values) {
  declassify(values.data(), values.size_bytes());
}

template <class Form>
void publish(const ring::Poly<Form>& poly) {
  publish(poly.words());
}

template <class Form>
void publish(const rlwe::Ciphertext<Form>& ciphertext) {
  for (const auto& part : ciphertext.parts) publish(part);
}

inline void publish(const rlwe::KeySwitchKey& key) {
  for (const auto& b : key.b) publish(b);
}

void checkControls(Check& check);
void checkSampling(Check& check);
void checkSchemes(Check& check);
void checkGradient(Check& check);
void checkThreshold(Check& check);
/// With the primes themselves secret too, GMP's divisions by them are reported unless gmp.supp is
/// given to Valgrind; without, everything else that is secret is checked and nothing suppressed.
void checkPaillier(Check& check, bool secret_primes);

}  // namespace veilsum::constant_time

#endif  // VEILSUM_CONSTANT_TIME_CHECK_H_
