#ifndef VEILSUM_RING_AUTOMORPHISM_H_
#define VEILSUM_RING_AUTOMORPHISM_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace veilsum::ring {

/// X -> X^g on single residues in Eval form: a permutation of their words, the same for every
/// prime, for an odd Galois element g in [1, 2n) (Code::kOutOfRange otherwise).
class RowAutomorphism {
 public:
  RowAutomorphism(std::size_t n, std::uint64_t g);
  /// Rows of n words, not the same.
  void operator()(const std::uint64_t* in, std::uint64_t* out) const;

 private:
  std::shared_ptr<const std::vector<std::uint32_t>> positions_;
};

}  // namespace veilsum::ring

#endif  // VEILSUM_RING_AUTOMORPHISM_H_
