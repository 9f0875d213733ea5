/** Rows of CSV and NDJSON files, as typed columns, in bounded memory. */
package dev.veilsum.file.rows;
