/**
 * Secret sharing of integer vectors: each client gives every party a share, parties add up the
 * shares that they get, and the sums of enough parties open to the sum of the vectors. See
 * docs/aggregation.md.
 */
package dev.veilsum.sharing;
