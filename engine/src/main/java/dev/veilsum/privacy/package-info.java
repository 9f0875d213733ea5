/**
 * Differential privacy for sums of many clients: each client clips its update, rounds it to
 * integers and adds its part of exact discrete Gaussian noise; an account of what the rounds have
 * cost is kept in a file. See docs/aggregation.md.
 */
package dev.veilsum.privacy;
