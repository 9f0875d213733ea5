/** Cryptographic random words for what is sampled in Java. */
package dev.veilsum.random;
