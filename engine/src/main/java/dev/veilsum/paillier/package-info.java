/**
 * Paillier: additions and plain multiplications of integers and fixed-point numbers, exactly.
 *
 * <p>A {@link dev.veilsum.paillier.PaillierSecretKey} comes from a master key; its public half
 * encrypts ({@link dev.veilsum.paillier.PaillierEncryptor}) and computes ({@link
 * dev.veilsum.paillier.PaillierEvaluator}); the secret key decrypts ({@link
 * dev.veilsum.paillier.PaillierDecryptor}). Every ciphertext carries a public bound on what it
 * holds; what could leave the plaintext space is refused before it runs.
 */
package dev.veilsum.paillier;
