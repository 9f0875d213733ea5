package dev.veilsum.table;

import java.util.OptionalDouble;

/**
 * How a question will be answered, and what it costs: known from public numbers, before anything is
 * computed (the noise and the time from a rehearsal on one chunk).
 *
 * @param question as it was asked, with its condition
 * @param strategy the way that was chosen
 * @param why it and no other
 * @param exact whether the answer is exact; else what bounds its error
 * @param depth multiplications of ciphertexts in a row
 * @param multiplications of ciphertexts, in all
 * @param relinearizations in all
 * @param rotations in all
 * @param ciphertextsRead ciphertexts of the tables that are read
 * @param bytesDown of the answer's ciphertexts, about
 * @param noiseLeftBits by the public bound, the noise budget that is left once everything is
 *     computed (of real columns: the bits of the modulus above the scale), about; the answer is
 *     then sent at the fewest primes that leave it a margin. None where nothing is encrypted
 * @param seconds on one thread of this machine, about; none where there are no rows
 * @param keyHolderSees what decrypting the answer shows
 * @param serverSees what whoever computes learns besides sizes
 */
public record Explanation(
    String question,
    String strategy,
    String why,
    String exact,
    int depth,
    long multiplications,
    long relinearizations,
    long rotations,
    long ciphertextsRead,
    long bytesDown,
    OptionalDouble noiseLeftBits,
    OptionalDouble seconds,
    String keyHolderSees,
    String serverSees) {}
