#ifndef VEILSUM_CKKS_LINEAR_TRANSFORM_H_
#define VEILSUM_CKKS_LINEAR_TRANSFORM_H_

#include <complex>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "ckks/ciphertext.h"
#include "ckks/diagonal_group.h"

namespace veilsum::ckks {

/// A public d x d matrix M, encoded so that it multiplies encrypted vectors: v -> M v over slots
/// that repeat with period d (Encoding::slots = d), d a power of two up to n/2. By diagonals
/// (Halevi and Shoup, "Algorithms in HElib", section 4.3): with diagonal k holding M[i][(i + k) mod
/// d] at i,
///     M v = sum_k diagonal_k * rotate(v, k),
/// and for k = j n_1 + i, 0 <= i < n_1, by baby steps i and giant steps j n_1 (the same, "Faster
/// homomorphic linear transformations in HElib", ePrint 2018/244, section 4.1):
///     M v = sum_j rotate(sum_i rotate(diagonal_k, -j n_1) * rotate(v, i), j n_1).
/// The diagonals are encoded over q_0..q_level and the special primes, so that they multiply what
/// is not divided by P yet. Diagonals that are zero cost nothing. Immutable, shared between
/// threads.
class LinearTransform {
 public:
  /// Diagonal k -> its d values.
  using Diagonals = std::map<std::size_t, std::vector<std::complex<double>>>;
  struct Encoding {
    std::size_t dimension;       ///< d
    std::size_t level;           ///< the highest that it can be applied at
    double scale;                ///< of the diagonals; a prime of the chain lets a rescale undo it
    std::size_t baby_steps = 0;  ///< n_1, 1 to d; 0: chosen (babyStepsFor)
  };

  /// Errors: Code::kUsage (d no power of two up to n/2, no level, a diagonal that is none of 0 to
  /// d - 1 or has not d values, none that is not zero, baby steps beyond d or more than 256 in one
  /// giant step), Code::kOutOfRange (values and scales as in Encoder).
  LinearTransform(rlwe::ContextPtr context, const Diagonals& diagonals, const Encoding& encoding);

  const rlwe::ContextPtr& context() const { return context_; }
  std::size_t dimension() const { return encoding_.dimension; }
  std::size_t level() const { return encoding_.level; }
  double scale() const { return encoding_.scale; }
  std::size_t babySteps() const { return encoding_.baby_steps; }
  /// The rotations whose Galois keys applying it takes, ascending, in [1, d).
  std::vector<std::int64_t> rotations() const;
  /// max_i sum_j |M[i][j]|: a bound on the message becomes this times it.
  double norm() const { return all_.message; }
  /// Words that the encoded diagonals hold.
  std::size_t words() const;

  /// What the bounds of a product take: over the rows of M, the largest sum of the diagonals'
  /// magnitudes, and the sum of their encodings' roundings (canonical embedding).
  struct Sums {
    double message = 0, noise = 0;
    double norm(double scale) const { return scale * message + noise; }
  };
  const Sums& all() const { return all_; }
  /// Of the diagonals that multiply a rotation: those of other baby steps than 0.
  const Sums& rotated() const { return rotated_; }

  /// The baby steps that occur, ascending, and the giant steps that do, with their diagonals.
  const std::vector<std::size_t>& babies() const { return babies_; }
  const std::vector<DiagonalGroup>& groups() const { return groups_; }

 private:
  rlwe::ContextPtr context_;
  Encoding encoding_;
  std::vector<std::size_t> babies_;
  std::vector<DiagonalGroup> groups_;
  Sums all_, rotated_;
};

/// The power of two n_1 up to d that makes these diagonals the cheapest at a level, by the counts
/// in evaluate_transform.cpp: a baby step costs products with a key, a giant step transforms too,
/// so that there are a few times as many of the former.
std::size_t babyStepsFor(const rlwe::Context& context, std::size_t level, std::size_t dimension,
                         std::span<const std::size_t> diagonals);

/// M v: of level min(a.level(), transform.level()), scale a.scale * transform.scale() (to be
/// rescaled), message bound norm() * a.message. Refused before the work, as in ckks/evaluator.h:
/// Code::kUsage (a of degree 2), Code::kMissingKey (a rotation of rotations() without a key of its
/// own), Code::kParameterMismatch, Code::kNoiseBudget.
///
/// Hoisted twice (Bossuat, Mouchet, Troncoso-Pastoriza, Hubaux, ePrint 2020/1203, algorithm 6):
/// c_1 is decomposed once, baby steps are never divided by P, each giant step divides one
/// polynomial, and the sum both at the end. With L = level + 1 residues, k special primes, D digits
/// and g giant steps that rotate this takes (L + k) (D (g + 1) + g + 2) transforms, however many
/// baby steps there are (a transform that rotates not: none); rotating r times and multiplying
/// takes (L + k) (D + 2 r), hoisted. Roundings are fewer too: g + 1 instead of r.
Ciphertext apply(const LinearTransform& transform, const Ciphertext& a,
                 const rlwe::EvaluationKeys& keys);
/// rescale(apply(...)), the division by the last prime in one with the last one by P: as many
/// transforms, one rounding less. Code::kDepth at level 0.
Ciphertext applyRescale(const LinearTransform& transform, const Ciphertext& a,
                        const rlwe::EvaluationKeys& keys);

}  // namespace veilsum::ckks

#endif  // VEILSUM_CKKS_LINEAR_TRANSFORM_H_
