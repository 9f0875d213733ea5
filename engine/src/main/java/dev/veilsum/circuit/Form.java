package dev.veilsum.circuit;

/**
 * Where a ciphertext stands: sums take operands of one form.
 *
 * @param level primes left, less one
 * @param scale what the message is multiplied by; 1 in BFV
 */
public record Form(int level, double scale) {}
