/**
 * Threshold keys: n parties make a public key whose secret nobody ever holds whole, and t of them
 * together open the encrypted sum of a round ({@code dev.veilsum.aggregate}). Every message is a
 * file. docs/aggregation.md has the protocol and its bounds.
 */
package dev.veilsum.threshold;
