/** Statistics of many owners, each of whom contributes one value that nobody else sees. */
package dev.veilsum.table.community;
