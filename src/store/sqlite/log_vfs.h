#pragma once
// SQLite writes its log in two small writes a page, hundreds a commit. This file system layer gathers what is
// contiguous and hands it on as one write when the commit's flush comes.
//
// Only for the writing connection, and only with synchronous=FULL: SQLite makes a commit visible to readers
// after that flush, so nobody looks for bytes that are still gathered here.

namespace tocsin::store {

// Registers the layer on first use. The name to open with; null when there is no system layer to stand on.
const char* log_gathering_vfs();

}  // namespace tocsin::store
