/** Federated learning on handwritten digits: what {@code veilsum demo federated} shows. */
package dev.veilsum.cli.federated;
