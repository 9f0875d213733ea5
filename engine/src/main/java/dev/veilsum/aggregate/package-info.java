/**
 * Encrypted gradients: many clients' updates are encrypted, added up by who cannot read them, and
 * their sum or mean is decrypted. See docs/aggregation.md.
 */
package dev.veilsum.aggregate;
