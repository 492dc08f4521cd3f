// What the operating system knows of the calling thread.
#pragma once

namespace tocsin {

// Shown by top, perf and core dumps; what is longer than 15 bytes is cut.
void name_this_thread(const char* name);

}  // namespace tocsin
