#ifndef VEILSUM_CKKS_DECRYPTOR_H_
#define VEILSUM_CKKS_DECRYPTOR_H_

#include <complex>
#include <span>

#include "ckks/ciphertext.h"

namespace veilsum::ckks {

/// Writes the first out.size() <= n/2 slots and gives the public bound on the error of each (noise
/// and the rounding of doubles, with all its terms). Any degree. The slots are for the key's owner:
/// an approximate result handed to others leaks the key (Li and Micciancio, ePrint 2020/1533).
/// Code::kNoiseBudget where the norm reaches Q_level / 2, Code::kKeyMismatch for a key of other
/// parameters, Code::kUsage for more than n/2 slots. The caller wipes `out`.
double decrypt(const Ciphertext& c, const rlwe::SecretKey& secret,
               std::span<std::complex<double>> out);

/// The real parts of the slots.
double decrypt(const Ciphertext& c, const rlwe::SecretKey& secret, std::span<double> out);

}  // namespace veilsum::ckks

#endif  // VEILSUM_CKKS_DECRYPTOR_H_
